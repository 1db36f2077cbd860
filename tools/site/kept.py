"""The recordings of each chapter, kept on disk until what they come from changes.

They have no words, so that those of the English chapter serve in each language.
"""

import hashlib
import json
from pathlib import Path

import nbformat

from mathutils.figure import ALIVE
from tools.chapters import ROOT, each_cell
from tools.site.record import packed, record

HERE = Path(__file__).resolve().parent
BUILD = ROOT / "build"


def recordings(path):
    """Return the recordings of a chapter's live pictures, by cell, and store their scripts.

    They are recorded anew where the code, `mathutils` or the way of recording has changed.
    """
    folder = BUILD / "recordings"
    index = folder / f"{path.stem}-{fingerprint(path)}.json"
    if not index.exists():
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob(f"{path.stem}-*"):
            old.unlink()
        index.write_text(json.dumps(record_chapter(path, folder)), encoding="utf-8")
    return json.loads(index.read_text(encoding="utf-8"))


def fingerprint(path):
    code = [cell.source for cell in nbformat.read(path, 4).cells if cell.cell_type == "code"]
    paths = [*sorted((ROOT / "mathutils").rglob("*.*")), HERE / "record.py", HERE / "strokes.py"]
    code += [file.read_text("utf-8") for file in paths if file.suffix in (".py", ".mplstyle")]
    return hashlib.sha256("\n".join(code).encode()).hexdigest()[:16]


def record_chapter(path, folder):
    found, known = {}, set(ALIVE.values())
    for cell, _ in each_cell(path):
        for live in set(ALIVE.values()) - known:
            recording = record(live)
            name = f"{path.stem}-{cell.id}"
            script = f'recorded("{name}","{packed(recording)}")\n'
            (folder / f"{name}.js").write_text(script, encoding="utf-8")
            live.set()
            found[cell.id] = {"alt": live.picture.alt, "whole": len(recording["groups"]) == 1}
        known = set(ALIVE.values())
    return found
