"""Run the chapters from the top and store their outputs: the same bytes at each run."""

import math
import re
import sys

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from tools.chapters import ROOT, chapters

METADATA = {
    "kernelspec": {
        "display_name": "Python 3 (ipykernel)",
        "language": "python",
        "name": "python3",
    },
    "language_info": {"name": "python"},
}
KEPT = {"jupyter", "slideshow", "tags", "translates"}
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
# What a slide holds at 1280×720, in type of 20 pixels.
SLIDE_LINES, LINE_CHARACTERS, LINE_PIXELS = 22, 110, 29


def refresh(path):
    """Execute one notebook and write it back, clean."""
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    NotebookClient(
        notebook,
        timeout=60,
        kernel_name="python3",
        extra_arguments=["--log-level=ERROR"],
        resources={"metadata": {"path": str(path.parent)}},
        store_widget_state=False,
        coalesce_streams=True,
    ).execute()
    path.write_text(nbformat.writes(clean(notebook)) + "\n", encoding="utf-8", newline="\n")


def clean(notebook):
    """Remove what differs from run to run, and widget views, which are dead without a kernel."""
    notebook.metadata = nbformat.from_dict(METADATA)
    count = 0
    for cell in notebook.cells:
        cell.metadata = {k: v for k, v in cell.metadata.items() if k in KEPT and v}
        if cell.cell_type != "code":
            continue
        if cell.source.strip():
            count += 1
            cell.execution_count = count
        for output in cell.outputs:
            output.get("data", {}).pop(WIDGET_VIEW, None)
            if output.output_type == "execute_result":
                output.execution_count = cell.execution_count
    set_slides(notebook.cells)
    return notebook


def set_slides(cells):
    """Say where each cell stands in a lecture: one idea, or one picture, a slide.

    A section begins with a slide, a paragraph with a slide below it. Code follows its paragraph,
    unless it draws or the two are longer than a slide. Model answers are left out.
    """
    room = 0
    for cell in cells:
        height = lines(cell)
        if "solution" in cell.metadata.get("tags", []):
            kind = "skip"
        elif cell.cell_type == "markdown":
            kind = "slide" if cell.source.startswith("#") else "subslide"
        else:
            draws = re.search(r"\bshow\(|\blive\(", cell.source)
            kind = "subslide" if draws or height > room else "-"
        if kind != "skip":
            room = (room if kind == "-" else SLIDE_LINES) - height
        cell.metadata["slideshow"] = {"slide_type": kind}


def lines(cell):
    """Return about how many lines of a slide a cell takes, with what it prints and draws."""
    height = 0
    for line in cell.source.splitlines():
        height += max(1, math.ceil(len(line) / LINE_CHARACTERS))
        height += line.startswith("#") and cell.cell_type == "markdown"
        height += 2 * line.startswith("$$")
    for output in cell.get("outputs", []):
        data = output.get("data", {"text/plain": output.get("text", "")})
        if "image/png" in data:
            height += output.metadata["image/png"]["height"] / LINE_PIXELS
        else:
            text = data.get("text/markdown") or data.get("text/plain", "")
            height += len(text.splitlines())
    return height


def main():
    paths = chapters(sys.argv[1:])
    for number, path in enumerate(paths, start=1):
        print(f"{number}/{len(paths)} {path.relative_to(ROOT)}", flush=True)
        try:
            refresh(path)
        except CellExecutionError as error:
            sys.exit(f"{path.name} was left as it was, because a cell failed:\n{error}")


if __name__ == "__main__":
    main()
