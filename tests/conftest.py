"""Which tests run, in which groups, and the chapters, which are run once for all tests.

Tests in JupyterLab, and of tools for maintainers, run only when they are asked for.
"""

import gc
import os
import re

import pytest

from tests.languages import SAMPLE

GROUPS = {
    "--browser": [f"test_{name}.py" for name in ("browser", "lab")],
    "--slow": [f"test_{name}.py" for name in ("contrast", "lab_handout", "lab_scores")],
    "--all": [
        f"test_{name}.py"
        for name in ("bench", "cards", "figures", "hub", "locale", "mutate", "package")
        + ("sheet", "site", "slides")
    ],
}
for library in ("OMP", "OPENBLAS", "MKL"):  # tests run beside each other already
    os.environ.setdefault(f"{library}_NUM_THREADS", "1")
gc.set_threshold(100_000, 50, 100)  # to look through thousands of tests and figures takes long


def pytest_addoption(parser):
    parser.addoption(
        "--browser",
        action="store_true",
        help="the tests in JupyterLab; fail, rather than skip, where there is no browser",
    )
    parser.addoption("--slow", action="store_true", help="what a run of all leaves out, only")
    parser.addoption("--all", action="store_true", help="all tests but those in JupyterLab")
    parser.addoption(
        "--claims", type=int, default=1000, help="how many random claims check_derivative judges"
    )


def pytest_configure(config):
    config.addinivalue_line("markers", "slow: a run of all tests leaves it to --slow")


def named(config):
    """Return the files that are asked for by name, as one text."""
    given = config.invocation_params.args
    return " ".join(arg for arg in given if re.match(r"(.*/)?(tests|notebooks)\b", arg))


def left_out(config):
    """Return the files that are not asked for, by the option that would ask for them."""
    return {
        option: [name for name in names if name not in named(config)]
        for option, names in GROUPS.items()
        if not config.getoption(option) and not (option == "--slow" and config.getoption("--all"))
    }


def pytest_ignore_collect(collection_path, config):
    if any(collection_path.name in names for names in left_out(config).values()):
        return True


def pytest_collection_modifyitems(config, items):
    """Of a run of all tests, keep the quick ones, or with --slow the others."""
    if named(config) or config.getoption("--all"):
        return
    wanted, others = [], []
    for item in items:
        (wanted if is_slow(item) == config.getoption("--slow") else others).append(item)
    items[:] = wanted
    config.hook.pytest_deselected(items=others)


def is_slow(test):
    """Say whether a test is marked, in a slow file, or of most translated chapters."""
    name, folder = test.path.name, test.path.parent.name
    translated = name.endswith(".ipynb") and folder != "en" and not name.startswith(SAMPLE)
    return translated or name in GROUPS["--slow"] or test.get_closest_marker("slow") is not None


def pytest_generate_tests(metafunc):
    if "chapter" in metafunc.fixturenames:
        from tests.languages import ENGLISH

        marked = [m for m in metafunc.definition.iter_markers("parametrize")]
        if not any(m.args[0] == "chapter" for m in marked):
            names = {"ids": lambda path: path.stem}
            metafunc.parametrize("chapter", ENGLISH, indirect=True, scope="session", **names)


@pytest.fixture(scope="session")
def chapter(request):
    """A chapter that has been run, of all chapters in turn."""
    from tests.played import Played

    return Played(request.param)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Keep on one worker what shares work: a file, or what looks at the same chapter."""
    from xdist.scheduler import LoadScopeScheduling

    scheduler = LoadScopeScheduling(config, log)
    scheduler._split_scope = group
    return scheduler


def group(test):
    """Return the chapter that a test looks at, by the id of the test, or else its file.

    Files in which nothing is shared, and much is done, are taken function by function. All tests
    of the site look at one build of it.
    """
    if test.startswith("tests/test_site.py"):
        return "tests/test_site.py"
    chapter = re.search(r"(?<=\[)\d\d_\w+(?=[]-])", test)
    if chapter:
        return chapter[0]
    apart = re.match(r"tests/test_(exercise|formula|laws|practice)\.py::\w+", test)
    return apart[0] if apart else test.partition("::")[0]


def pytest_terminal_summary(terminalreporter, config):
    if not (named(config) or config.getoption("--slow") or config.getoption("--all")):
        terminalreporter.write_line(
            "Left out: slow tests, most Korean chapters; --slow runs them."
        )
    for option, names in left_out(config).items():
        if names and not config.getoption("--all"):  # after which run.py runs the browser's
            terminalreporter.write_line(f"Left out: {', '.join(names)}; {option} runs them.")
    if config.getoption("--browser") and not config.getoption("--all"):
        terminalreporter.write_line("Left out: most chapters in the browser; --all runs them.")
