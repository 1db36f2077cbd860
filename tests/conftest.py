"""Which tests run, in which groups, and the chapters, which are run once for all tests.

Tests in JupyterLab, and of tools for maintainers, run only when they are asked for.
"""

import gc
import os
import re

import pytest

GROUPS = {
    "--browser": [f"test_{name}.py" for name in ("browser", "lab")],
    "--tools": [
        f"test_{name}.py"
        for name in ("bench", "cards", "contrast", "figures", "lab_handout", "lab_scores")
        + ("mutate", "package", "sheet")
    ],
    "--all": [f"test_{name}.py" for name in ("hub", "locale", "site", "slides")],
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
    parser.addoption("--tools", action="store_true", help="the tests of maintainers' tools only")
    parser.addoption("--all", action="store_true", help="all tests but those in JupyterLab")
    parser.addoption(
        "--claims", type=int, default=1000, help="how many random claims check_derivative judges"
    )


def left_out(config):
    """Return the files that are not asked for, by the option that would ask for them."""
    named = " ".join(config.invocation_params.args)
    return {
        option: [name for name in names if name not in named]
        for option, names in GROUPS.items()
        if not config.getoption(option) and not (option == "--tools" and config.getoption("--all"))
    }


def pytest_ignore_collect(collection_path, config):
    if config.getoption("--tools"):
        return collection_path.is_file() and collection_path.name not in GROUPS["--tools"]
    if any(collection_path.name in names for names in left_out(config).values()):
        return True


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
    for option, names in left_out(config).items():
        if names and not config.getoption("--all"):  # after which run.py runs the browser's
            terminalreporter.write_line(f"Left out: {', '.join(names)}; {option} runs them.")
    if config.getoption("--browser") and not config.getoption("--all"):
        terminalreporter.write_line("Left out: most chapters in the browser; --all runs them.")
