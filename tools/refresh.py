"""Run the chapters from the top and store their outputs: the same bytes at each run."""

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
KEPT = {"jupyter", "slideshow", "tags"}
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


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
        cell.metadata.setdefault("slideshow", {"slide_type": slide_type(cell)})
        if cell.cell_type != "code":
            continue
        if cell.source.strip():
            count += 1
            cell.execution_count = count
        for output in cell.outputs:
            output.get("data", {}).pop(WIDGET_VIEW, None)
            if output.output_type == "execute_result":
                output.execution_count = cell.execution_count
    return notebook


def slide_type(cell):
    """Return where a cell stands in a lecture: one idea, or one picture, a slide."""
    if "solution" in cell.metadata.get("tags", []):
        return "skip"
    if cell.cell_type == "markdown":
        return "slide" if cell.source.startswith("#") else "subslide"
    draws = re.search(r"\bshow\(|\bLive\(", cell.source)
    return "subslide" if draws else "-"


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
