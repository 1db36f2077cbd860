"""The table of docs/architecture.md is what the modules import."""

import ast
import re

import pytest

from tools.chapters import ROOT, chapters

TABLE = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| [\w ]+ \| (`.*?`) \| .* \|$", TABLE, re.MULTILINE)
OWN = sorted({path.stem[3:] for path in chapters()})
ROOMS = [
    [f"course.{name}" for name in OWN] if "<chapter>" in row else re.findall(r"`([\w.]+)`", row)
    for row in ROWS
]
ORDER = [name for room in ROOMS for name in room]


def modules():
    """Return the modules of mathutils by their names in the table."""
    found = {}
    for path in (ROOT / "mathutils").rglob("*.py"):
        name = ".".join(path.relative_to(ROOT / "mathutils").with_suffix("").parts)
        found[name.removesuffix(".__init__")] = path
    return found


def imported(code):
    """Yield the modules of the project that some code imports."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.ImportFrom):
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def rooms_used(code):
    """Return the modules of mathutils that some code imports, by their names in the table."""
    names = set()
    for name in imported(code):
        if name == "mathutils":
            names.add("__init__")
        elif name.startswith("mathutils."):
            names |= {name.removeprefix("mathutils.")} & set(ORDER)
    return names


def test_every_module_has_its_place_and_every_place_a_module():
    assert sorted(ORDER) == sorted(modules())


@pytest.mark.parametrize("name", ORDER)
def test_a_module_imports_only_what_stands_before_it(name):
    code = modules()[name].read_text(encoding="utf-8")
    before = set(ORDER[: ORDER.index(name)])
    if name.removeprefix("course.") in OWN:
        before -= {f"course.{other}" for other in OWN}
    assert rooms_used(code) <= before


@pytest.mark.parametrize("name", ORDER)
def test_nothing_looks_up_to_the_tools_or_the_tests(name):
    first = {part.split(".")[0] for part in imported(modules()[name].read_text(encoding="utf-8"))}
    assert not first & {"tools", "tests", "run", "notebooks"}


def test_an_import_that_looks_up_would_be_seen():
    assert rooms_used("from mathutils.course import rule") == {"course", "course.rule"}
    assert rooms_used("from mathutils.check import Verdict\nimport mathutils") == {
        "check",
        "__init__",
    }
    assert ORDER.index("course.rules") > ORDER.index("check")
