"""Does the suite notice? One operator, sign, transpose or constant is changed at a time.

A mutant of a chapter is run with nbval, one of mathutils with the tests that need no kernel.
What no test notices is listed, unless tools/mutants.toml gives a reason why it cannot matter, or
the cell is there to refute a wrong claim, which a further change leaves wrong.
"""

import ast
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import nbformat

from tools.chapters import ROOT, chapters

OPERATORS = {ast.Add: "+-", ast.Sub: "-+", ast.Mult: "*/", ast.Div: "/*", ast.Pow: ("**", "*")}
TESTS = ["derivative", "check", "exercise", "rules", "plot", "live"]
TESTS += ["properties", "oracle", "claims", "chapters"]
LIMIT = 600  # seconds for one mutant; a loop without end is noticed as well


@dataclass(frozen=True)
class Change:
    """One change of a text: characters `start` to `end` become `new`."""

    start: int
    end: int
    new: str

    def apply(self, text):
        return text[: self.start] + self.new + text[self.end :]

    def describe(self, text):
        """Return the line as it was and as it becomes."""
        line = text.count("\n", 0, self.start)
        return (
            f"{text.splitlines()[line].strip()} -> {self.apply(text).splitlines()[line].strip()}"
        )


def changes(text):
    """Yield each `Change` of some Python code that may change its mathematics.

    Left alone: pictures' sizes and the like (keyword arguments), formatted strings, and numbers
    that stand by themselves, such as test points.
    """
    places = _Places(text)
    for node, parents in _walk(ast.parse(text), ()):
        if any(isinstance(parent, ast.JoinedStr | ast.keyword) for parent in parents):
            continue
        if isinstance(node, ast.BinOp):
            left, right = places.of(node.left), places.of(node.right)
            if type(node.op) in OPERATORS:
                old, new = OPERATORS[type(node.op)]
                at = text.index(old, left[1])
                yield Change(at, at + len(old), new)
            elif isinstance(node.op, ast.MatMult):
                a, b = (text[slice(*place)] for place in (left, right))
                if a != b:
                    yield Change(left[0], right[1], b + text[left[1] : right[0]] + a)
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            if not isinstance(node.operand, ast.Constant) or _is_formula(parents):
                start = places.of(node)[0]
                yield Change(start, start + 1, "")
        elif isinstance(node, ast.Attribute) and node.attr == "T":
            end = places.of(node)[1]
            yield Change(text.rindex(".", 0, end), end, "")
        elif isinstance(node, ast.Constant) and type(node.value) in (int, float):
            if _is_formula(parents):
                yield Change(*places.of(node), repr(node.value + 1))


def _walk(node, parents):
    yield node, parents
    for child in ast.iter_child_nodes(node):
        yield from _walk(child, (*parents, node))


def _is_formula(parents):
    """Say whether a number is part of a formula: an operand, or an entry in a function's body."""
    parent = parents[-2] if isinstance(parents[-1], ast.UnaryOp) else parents[-1]
    inside = any(isinstance(p, ast.FunctionDef | ast.Lambda) for p in parents)
    return isinstance(parent, ast.BinOp) or (isinstance(parent, ast.List) and inside)


class _Places:
    """Where a node of the syntax tree begins and ends; its own columns count bytes."""

    def __init__(self, text):
        self.lines = text.splitlines(keepends=True)

    def of(self, node):
        start = self._at(node.lineno, node.col_offset)
        return start, self._at(node.end_lineno, node.end_col_offset)

    def _at(self, line, column):
        before = self.lines[line - 1].encode()[:column].decode()
        return sum(map(len, self.lines[: line - 1])) + len(before)


def chapter_mutants(path):
    """Yield, for each change of a code cell: where, what, and a function that says if it shows."""
    for number, cell in enumerate(nbformat.read(path, as_version=4).cells):
        if cell.cell_type == "code":
            for change in changes(cell.source):
                place = f"{path.name[:2]} {cell.id}"
                yield place, change.describe(cell.source), _notebook_test(path, number, change)


def _notebook_test(path, number, change):
    def is_noticed():
        notebook = nbformat.read(path, as_version=4)
        notebook.cells[number].source = change.apply(notebook.cells[number].source)
        with tempfile.TemporaryDirectory() as folder:
            mutant = Path(folder, "mutant.ipynb")
            nbformat.write(notebook, mutant)
            return _fails("--nbval", "--nbval-current-env", "--nbval-cell-timeout=60", str(mutant))

    return is_noticed


def module_mutants(path):
    """Yield the same for each change of a module of mathutils."""
    text = path.read_text(encoding="utf-8")
    tests = sorted(TESTS, key=lambda name: name != path.stem)  # the most likely ones first
    files = [f"tests/test_{name}.py" for name in tests]
    files = [name for name in files if (ROOT / name).exists()]
    for change in changes(text):
        yield path.stem, change.describe(text), _module_test(path, change.apply(text), files)


def _module_test(path, mutant, files):
    def is_noticed():
        with tempfile.TemporaryDirectory() as folder:
            for name in ["mathutils", "notebooks", "tests", "tools", "pyproject.toml"]:
                copy = shutil.copy if (ROOT / name).is_file() else shutil.copytree
                copy(ROOT / name, Path(folder, name))
            (Path(folder) / path.relative_to(ROOT)).write_text(mutant, encoding="utf-8")
            return _fails(*files, folder=folder)

    return is_noticed


def _fails(*arguments, folder=None):
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *arguments]
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, timeout=LIMIT)
    except subprocess.TimeoutExpired:
        return True
    return done.returncode != 0


def main():
    names = sys.argv[1:]
    numbers = [name for name in names if name[0].isdigit()]
    mutants = []
    for path in chapters(numbers) if numbers or not names else []:
        mutants += chapter_mutants(path)
    for path in sorted((ROOT / "mathutils").glob("[a-z]*.py")):
        if path.stem in names or not names:
            mutants += module_mutants(path)
    if not mutants:
        sys.exit("Nothing to change: name chapters, such as 03, or modules, such as check.")
    known = tomllib.loads((ROOT / "tools/mutants.toml").read_text(encoding="utf-8"))
    known = {(where, change) for where, part in known.items() for change in part}
    counts = Counter()
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for (where, change, _), noticed in zip(
            mutants, pool.map(lambda mutant: mutant[2](), mutants), strict=True
        ):
            kind = "noticed" if noticed else "not noticed"
            if not noticed and " refute-" in where:
                kind = "of wrong claims that stay wrong"
            elif not noticed and (where, change) in known:
                kind = "known not to matter"
            counts[kind] += 1
            if kind == "not noticed":
                print(f"{where}: {change}", flush=True)
    print(f"{len(mutants)} changes: " + ", ".join(f"{n} {kind}" for kind, n in counts.items()))
    sys.exit(counts["not noticed"] > 0)


if __name__ == "__main__":
    main()
