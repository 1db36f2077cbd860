"""Draw the key picture of each chapter, of its cell tagged ``key-figure``, and the README's."""

import io
import sys

from tools import moving
from tools.chapters import ROOT, chapters, run_cells


def draw(path):
    """Return the SVG text of a chapter's key picture."""
    figure = run_cells(path, until="key-figure")["fig"]
    for artist in figure.findobj(lambda artist: hasattr(artist, "get_paths")):
        for curve in artist.get_paths():
            # Whether a contour counts as closed, and may be simplified, hangs on its last bit.
            curve.should_simplify = False
    figure.draw_without_rendering()  # the layout comes to rest at the second drawing
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", metadata={"Creator": None, "Date": None})
    return "\n".join(line.rstrip() for line in buffer.getvalue().splitlines()) + "\n"


def main():
    paths = [path for path in chapters(sys.argv[1:]) if path.parent.name == "en"]
    for number, path in enumerate(paths, start=1):
        target = ROOT / "figures" / f"{path.stem}.svg"
        print(f"{number}/{len(paths)} {target.relative_to(ROOT)}", flush=True)
        target.write_text(draw(path), encoding="utf-8", newline="\n")
    if not sys.argv[1:]:
        moving.write()


if __name__ == "__main__":
    main()
