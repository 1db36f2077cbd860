"""Does the suite notice? One operator, sign, transpose or constant is changed at a time.

The cells of a chapter run once, in one process. Before each cell, a copy of the process is made
for each change of it, which runs the changed cell and then the rest, up to the first output that
is not as it is stored. A module of mathutils is changed while it is imported, and meets its tests,
then the chapters. What nothing notices is listed, unless it exchanges a vector with a vector or a
symmetric matrix, leaves a refuted claim wrong, or tools/mutants.toml says why it cannot matter.
"""

import os
import re
import sys
import tomllib
from collections import Counter
from functools import partial
from importlib import import_module
from importlib.machinery import SourceFileLoader

from tools.changes import named
from tools.chapters import ROOT, chapters
from tools.forks import NOTHING, Children, in_child, in_new_process
from tools.session import Session, code_cells

TESTS = ["derivative", "check", "exercise", "rules", "plot", "live", "formula", "steps"]
TESTS += ["properties", "docstrings", "oracle", "claims", "chapters"]
SLOW_IMPORTS = ["pytest", "hypothesis.extra.numpy", "matplotlib.pyplot", "anywidget"]


def chapter_changes(path):
    """Return the name of each change of a chapter's code cells, and how its line changes."""
    return {
        name: change.describe(text)
        for place, text, _ in code_cells(path)
        for name, change in named(text, place).items()
    }


def chapter_outcomes(path):
    """Return for each of `chapter_changes` what was found."""
    cells, children, session = code_cells(path), Children(), Session(path)
    if in_child(partial(_differs, session, cells)):
        raise ValueError(f"{path.name} does not give the outputs that it stores: refresh it.")
    for number, (place, text, shown) in enumerate(cells):
        for change in named(text, place).values():
            rest = [(place, change.apply(text, watched=True), shown), *cells[number + 1 :]]
            children.start(partial(_differs, session, rest))
        _differs(session, [cells[number]])
    return children.results()


def _differs(session, cells):
    """Run cells, and say whether one fails, or shows something else than it stores."""
    return any(session.run(source) != shown for _, source, shown in cells)


def module_changes(path):
    """Return the name of each change of a module of mathutils, and how its line changes."""
    text = path.read_text(encoding="utf-8")
    found = named(text, path.stem, by_place=True)
    return {name: change.describe(text) for name, change in found.items()}


def module_outcomes(path):
    """Return for each of `module_changes` what was found."""
    text, children = path.read_text(encoding="utf-8"), Children()
    for name in SLOW_IMPORTS:
        import_module(name)
    if in_child(partial(module_differs, path, text), limit=0):
        raise ValueError(f"Tests or chapters fail with {path.name} as it is: mend them first.")
    for change in named(text, path.stem, by_place=True).values():
        mutant = change.apply(text, watched=True)
        children.start(partial(module_differs, path, mutant), limit=0)  # none
    return children.results()


def module_differs(path, mutant):
    """Say whether the tests or the chapters notice it, the most likely ones first."""
    load = SourceFileLoader.get_code

    def get_code(self, loaded):
        changed = self.path == str(path)
        return compile(mutant, self.path, "exec") if changed else load(self, loaded)

    SourceFileLoader.get_code = get_code
    for loaded in list(sys.modules):  # what was imported before is not changed
        if re.match(r"mathutils\b|tests?\b|test_|conftest", loaded):
            del sys.modules[loaded]
    tests, read = sorted(TESTS, key=lambda test: test != path.stem), chapters(["en/"])
    own = [chapter for chapter in read if chapter.stem[3:] == path.stem]
    if own:  # its exercises, which nothing else imports
        tests, read = ["exercise"], own
    return in_child(partial(_tests_fail, tests), limit=1200) or any(
        in_child(lambda path=path: _differs(Session(path), code_cells(path))) for path in read
    )


def _tests_fail(names):
    from hypothesis import Phase, settings

    settings.register_profile("quick", phases=[Phase.explicit, Phase.generate], database=None)
    settings.load_profile("quick")
    os.chdir(ROOT)
    files = map("tests/test_{}.py".format, names)
    plain = ["-o", "addopts=", "-p", "no:nbval", "-p", "no:cacheprovider", "--assert=plain"]
    return import_module("pytest").main(["-x", "-q", *plain, *files]) != 0


def stays_wrong(place, line, shown):
    """Say whether all that a changed line prints are verdicts on wrong claims."""
    said = "\n".join([shown["stdout"], *shown["text/plain"]]).splitlines()
    label = re.match(r'print\("([^"]+)", check', line)
    if label:
        said = [line for line in said if line.startswith(label[1])] or ["none"]
    elif " refute-" not in place:
        return False
    return all("wrong: " in line for line in said if line)


def main():
    names = sys.argv[1:]
    if not hasattr(os, "fork"):
        sys.exit("Windows cannot copy a process, which this needs: use Linux or macOS.")
    numbers = [f"en/{name}" for name in names if name[0].isdigit()]
    work = []
    if numbers or not names:
        work = [(path, chapter_changes, chapter_outcomes) for path in chapters(numbers or ["en/"])]
    for path in sorted((ROOT / "mathutils").rglob("[a-z]*.py")):
        if path.stem in names or not names:
            work.append((path, module_changes, module_outcomes))
    if not work:
        sys.exit("Nothing to change: name chapters (03) or modules (check, gradient).")
    known = tomllib.loads((ROOT / "tools/mutants.toml").read_text(encoding="utf-8"))
    total = Counter()
    for path, list_changes, outcomes in work:
        cells = code_cells(path) if path.suffix == ".ipynb" else []
        shown = {place: texts for place, _, texts in cells}
        counts = Counter()
        try:
            found = in_new_process(outcomes, path)
        except ValueError as problem:
            sys.exit(str(problem))
        for ((place, name), line), kind in zip(list_changes(path).items(), found, strict=True):
            if kind == NOTHING and cells and stays_wrong(place, line, shown[place]):
                kind = "of wrong claims that stay wrong"
            elif kind == NOTHING and name in known.get(place, ()):
                kind = "known not to matter"
            elif name in known.get(place, ()):
                print(f"{place}: {kind}, so tools/mutants.toml need not have it: {name}")
            counts[kind] += 1
            if kind == NOTHING:
                print(f"{place}: {name}: {line}")
        print(f"{path.stem}: {_sentence(counts)}", flush=True)
        total += counts
    print(f"{total.total()} changes: {_sentence(total)}")
    sys.exit(total[NOTHING] > 0)


def _sentence(counts):
    return ", ".join(f"{count} {kind}" for kind, count in counts.items()) or "no changes"


if __name__ == "__main__":
    main()
