"""Make slides of chapters, each in one file that needs no network: python3 run.py slides 03"""

import re
import sys
from importlib.metadata import files

import nbformat
from nbconvert.exporters import SlidesExporter
from traitlets.config import Config

from mathutils.readout import spoken
from mathutils.sentences import language, say
from tools import setup_venv
from tools.chapters import ROOT, TWIN, chapters
from tools.site.pages import is_description
from tools.site.record import parts

FOLDER = ROOT / "build" / "slides"
LIBRARIES = {"sphinx-revealjs": ["dist/reveal.js", "dist/reveal.css"]}
LIBRARIES["sphinx-mathjax-offline"] = ["mathjax/tex-svg-full.js"]


def deck(path):
    """Return the slides of a chapter as HTML."""
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        arrange(cell)
    left_out = {"enabled": True, "remove_input_tags": {"no-source"}}
    exporter = SlidesExporter(
        config=Config({"TagRemovePreprocessor": left_out}),
        template_name="slides",
        extra_template_basedirs=[str(ROOT / "tools")],
    )
    resources = {"libraries": libraries(), "language_code": path.parent.name}
    resources["styles"] = [ROOT / "mathutils/page.css", ROOT / "tools/slides/deck.css"]
    resources["styles"] = "\n".join(
        file.read_text(encoding="utf-8") for file in resources["styles"]
    )
    resources["script"] = (ROOT / "tools/slides/deck.js").read_text(encoding="utf-8")
    resources["metadata"] = {"name": notebook.cells[0].source.splitlines()[0].strip("# ")}
    return exporter.from_notebook_node(notebook, resources)[0]


def arrange(cell):
    """Leave out what a lecture does not show, and set the readout of a live picture beside it."""
    if cell.id == "setup":
        cell.metadata.slideshow.slide_type = "skip"
    cell.source = TWIN.sub("", cell.source)
    if cell.cell_type != "code":
        return
    describe(cell)
    if "\nlive(" in cell.source:
        cell.metadata.tags = ["no-source"]
        data = cell.outputs[0].data
        readout = start_readout(data["text/plain"])
        data["text/plain"] = spoken(readout)
        beside = "".join(f"<p>{part}</p>" for part in parts(readout))
        cell.outputs.append(nbformat.v4.new_output("display_data", {"text/html": beside}))


def describe(cell):
    """Give each picture the text that stands below it, and leave that out."""
    kept = []
    for number, output in enumerate(cell.outputs):
        if is_description(cell.outputs, number):
            kept[-1].data["text/plain"] = output.data["text/plain"]
        else:
            kept.append(output)
    cell.outputs = kept


def start_readout(description):
    """Return the readout out of the text under a live picture: it stands before the controls."""
    lines = description.splitlines()
    first = next(i for i, line in enumerate(lines) if re.match(r"\w+ = ", line))
    return lines[first - 1]


def libraries():
    """Return the scripts and styles of reveal.js and of MathJax by their names."""
    found = {}
    for package, names in LIBRARIES.items():
        for file in files(package):
            name = next((n for n in names if file.as_posix().endswith(f"/{n}")), None)
            if name:
                text = file.locate().read_text(encoding="utf-8")
                found[name.rpartition("/")[2]] = text.replace("</script", r"<\/script")
    return found


def main():
    setup_venv.add("requirements-site.txt")
    paths = chapters(sys.argv[1:])
    for number, path in enumerate(paths, start=1):
        language(path.parent.name)
        target = FOLDER / path.parent.name / f"{path.stem}.html"
        print(f"{number}/{len(paths)} {target.relative_to(ROOT)}", flush=True)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(deck(path), encoding="utf-8")
    print(say("slides-built", folder=FOLDER.relative_to(ROOT)))


if __name__ == "__main__":
    main()
