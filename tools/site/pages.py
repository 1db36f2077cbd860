"""The chapters as pages: notebooks in the form in which Sphinx and myst-nb read them."""

import base64
import html
import re
import tomllib

import nbformat

from mathutils.sentences import say
from tools.chapters import ROOT, TWIN

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
REPOSITORY = PROJECT["urls"]["Repository"]
LINK = re.compile(r"(?<=\]\()(?!\w+:|#|/)([^)\s]+)(?=\))")


def binder(path, cell=""):
    """Return the address at which Binder opens a notebook, at one of its cells."""
    place = f"lab/tree/{path.relative_to(ROOT).as_posix()}" + (
        f"%23cell-id%3D{cell}" if cell else ""
    )
    owner_and_name = REPOSITORY.partition("github.com/")[2]
    return f"https://mybinder.org/v2/gh/{owner_and_name}/HEAD?urlpath={place}"


def page(notebook, path, recordings, pictures):
    """Change a notebook into its page: code folded, pictures described, live ones recorded.

    Parameters
    ----------
    notebook : nbformat.NotebookNode, which is changed
    path : pathlib.Path of the chapter
    recordings : dict from cell ids to recordings of their live pictures
    pictures : pathlib.Path of the folder for stored pictures, inside that of the page
    """
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = with_links(TWIN.sub("", cell.source), path)
            if cell.id != "title":
                cell.source = f'<span class="anchor" id="{cell.id}"></span>\n\n{cell.source}'
            continue
        fold(cell)
        if cell.id in recordings:
            still = picture(cell.id, cell.outputs[0], recordings[cell.id]["alt"], pictures)
            cell.outputs = [shown(figure(path, cell.id, still, recordings[cell.id]))]
            continue
        cell.outputs = [
            described(cell, i, pictures) for i in range(len(cell.outputs)) if wanted(cell, i)
        ]
        if re.fullmatch(r"exercise-\d+", cell.id):
            cell.outputs = [shown(where_to_do(path, cell.id))]
    return notebook


def with_links(source, path):
    """Return Markdown whose links to files that are no pages lead to the repository."""

    def lead(link):
        target = (path.parent / link[1].partition("#")[0]).resolve()
        if target.parent == path.parent or not target.is_relative_to(ROOT):
            return link[1]
        return f"{REPOSITORY}/blob/HEAD/{target.relative_to(ROOT).as_posix()}"

    return LINK.sub(lead, source)


def fold(cell):
    """Fold code of more than a line to its first one, and a model answer with what it shows."""
    lines = cell.source.splitlines()
    tags = cell.metadata.setdefault("tags", [])
    if "solution" in tags:
        tags.append("hide-cell")
        first = say("site-model-answer")
    elif len(lines) > 1:
        tags.append("hide-input")
        first = next(line for line in lines if line.strip()) + " …"
    else:
        return
    cell.metadata["mystnb"] = {"code_prompt_show": first, "code_prompt_hide": say("site-fold")}


def wanted(cell, number):
    """Say whether an output is for the page: not the style, nor a picture's text, which is alt."""
    text = cell.outputs[number].get("data", {}).get("text/html", "")
    return not text.startswith("<chapter-style>") and not is_description(cell.outputs, number)


def is_description(outputs, number):
    """Say whether an output is the folded text that stands below a picture."""
    text = outputs[number].get("data", {}).get("text/html", "")
    above = outputs[number - 1].get("data", {}) if number else {}
    return "image/png" in above and text.startswith("<details>")


def described(cell, number, pictures):
    """Return an output, where it is a picture as an image with its description."""
    output = cell.outputs[number]
    if "image/png" not in output.get("data", {}):
        return output
    following = cell.outputs[number + 1 :][:1]
    text = [part["data"].get("text/plain", "") for part in following if "data" in part]
    alt = text[0] if text else output["data"].get("text/plain", "")
    name = cell.id if number == 0 else f"{cell.id}-{number}"
    return shown(picture(name, output, alt, pictures))


def picture(name, output, alt, pictures):
    """Store the picture of an output and return it as HTML."""
    pictures.mkdir(parents=True, exist_ok=True)
    (pictures / f"{name}.png").write_bytes(base64.b64decode(output["data"]["image/png"]))
    size = output["metadata"]["image/png"]
    return (
        f'<img class="picture" src="pictures/{pictures.name}/{name}.png" width="{size["width"]}" '
        f'height="{size["height"]}" loading="lazy" alt="{html.escape(alt, quote=True)}">'
    )


def figure(path, name, still, recording):
    """Return the HTML of a live picture: what it shows before it is alive, and its note."""
    name = f"{path.stem}-{name}"
    note = (
        "" if recording["whole"] else f'<p class="live-note">{html.escape(say("site-parts"))}</p>'
    )
    return (
        f'<div class="live-figure" data-recording="{name}" data-source="recordings/{name}.js">'
        f"{still}{note}</div>"
    )


def where_to_do(path, cell):
    """Return the HTML of the links to where an exercise can be done."""
    links = [
        (binder(path, cell), say("site-binder")),
        (f"{REPOSITORY}#start", say("site-computer")),
    ]
    parts = [f'<a href="{address}">{html.escape(text)}</a>' for address, text in links]
    return f'<p class="where-to-do">{html.escape(say("site-do-it"))} {" · ".join(parts)}</p>'


def shown(text):
    return nbformat.v4.new_output("display_data", {"text/html": text})
