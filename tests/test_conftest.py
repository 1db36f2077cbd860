"""What is left out, and that it is told."""

from types import SimpleNamespace

import pytest

from tests.conftest import GROUPS, group, left_out, pytest_collection_modifyitems
from tools.chapters import ROOT

EVERY = [name for names in GROUPS.values() for name in names]


def config(*typed):
    return SimpleNamespace(
        invocation_params=SimpleNamespace(args=typed), getoption=lambda option: option in typed
    )


def test_every_group_is_made_of_files_that_exist():
    assert all((ROOT / "tests" / name).exists() for name in EVERY)


@pytest.mark.parametrize(
    ("typed", "runs"),
    [
        ([], []),
        (["-k", "gradient"], []),
        (["--browser"], GROUPS["--browser"]),
        (["--slow"], GROUPS["--slow"]),
        (["--all"], GROUPS["--all"] + GROUPS["--slow"]),
        (["tests/test_mutate.py"], ["test_mutate.py"]),
        (["tests/test_slides.py::test_one", "-x"], ["test_slides.py"]),
    ],
)
def test_what_is_asked_for_runs_and_the_rest_is_told(typed, runs):
    told = [name for names in left_out(config(*typed)).values() for name in names]
    assert set(told) == set(EVERY) - set(runs)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ([], {"quick"}),
        (["-k", "it"], {"quick"}),
        (["--slow"], {"marked", "korean", "file"}),
        (["--all"], {"quick", "marked", "korean", "file"}),
        (["tests/test_laws.py"], {"quick", "marked", "korean", "file"}),
    ],
)
def test_each_test_is_run_by_one_of_two_commands(typed, kept):
    def test(place, *marks):
        closest = dict.fromkeys(marks, True).get
        return SimpleNamespace(path=ROOT / place, get_closest_marker=closest)

    tests = {
        "quick": [test("notebooks/ko/03_it.ipynb"), test("notebooks/en/04_it.ipynb")],
        "korean": [test("notebooks/ko/04_it.ipynb")],
        "file": [test("tests/test_contrast.py")],
        "marked": [test("tests/test_laws.py", "slow")],
    }
    left = []
    hook = SimpleNamespace(pytest_deselected=lambda items: left.extend(items))
    items = [one for some in tests.values() for one in some]
    every = list(items)
    pytest_collection_modifyitems(SimpleNamespace(**vars(config(*typed)), hook=hook), items)
    assert items == [one for name, some in tests.items() if name in kept for one in some]
    assert {id(one) for one in every} == {id(one) for one in items + left}


@pytest.mark.parametrize(
    ("test", "wanted"),
    [
        ("notebooks/en/05_jacobian.ipynb::Cell 3", "notebooks/en/05_jacobian.ipynb"),
        ("tests/test_chapters.py::test_all_axes_are_named[05_jacobian]", "05_jacobian"),
        ("tests/test_contrast.py::test_lines[05_jacobian]", "05_jacobian"),
        ("tests/test_browser.py::test_screen[05_jacobian-wide]@05_jacobian", "05_jacobian"),
        ("tests/test_contrast.py::test_it[#000000-16.3]", "tests/test_contrast.py"),
        ("tests/test_laws.py::test_units[trace]", "tests/test_laws.py::test_units"),
        ("tests/test_site.py::test_it[03_contour_and_quiver]", "tests/test_site.py"),
    ],
)
def test_what_looks_at_one_chapter_runs_in_one_place(test, wanted):
    assert group(test) == wanted
