"""What is left out, and that it is told."""

from types import SimpleNamespace

import pytest

from tests.conftest import GROUPS, group, left_out, pytest_ignore_collect
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
        (["--tools"], GROUPS["--tools"]),
        (["--all"], GROUPS["--all"] + GROUPS["--tools"]),
        (["tests/test_mutate.py"], ["test_mutate.py"]),
        (["tests/test_slides.py::test_one", "-x"], ["test_slides.py"]),
    ],
)
def test_what_is_asked_for_runs_and_the_rest_is_told(typed, runs):
    told = [name for names in left_out(config(*typed)).values() for name in names]
    assert set(told) == set(EVERY) - set(runs)


def test_tools_are_tested_without_the_rest():
    def ignored(name):
        return pytest_ignore_collect(ROOT / name, config("--tools"))

    assert ignored("tests/test_check.py") and ignored("notebooks/en/02_gradient.ipynb")
    assert ignored("tests/test_site.py") and ignored("tests/test_browser.py")
    assert not ignored("tests") and not ignored("tests/test_mutate.py")


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
