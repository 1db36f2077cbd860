"""Which tests run: those in JupyterLab, and of tools for maintainers, only when asked for."""

import os

GROUPS = {
    "--browser": [f"test_{name}.py" for name in ("browser", "lab")],
    "--all": [
        f"test_{name}.py" for name in ("bench", "cards", "figures", "mutate", "sheet", "slides")
    ],
}
for library in ("OMP", "OPENBLAS", "MKL"):  # tests run beside each other already
    os.environ.setdefault(f"{library}_NUM_THREADS", "1")


def pytest_addoption(parser):
    parser.addoption(
        "--browser",
        action="store_true",
        help="the tests in JupyterLab; fail, rather than skip, where there is no browser",
    )
    parser.addoption("--all", action="store_true", help="the tests of maintainers' tools as well")
    parser.addoption(
        "--claims", type=int, default=2000, help="how many random claims check_derivative judges"
    )


def left_out(config):
    """Return the files that are not asked for, by the option that would ask for them."""
    named = " ".join(config.invocation_params.args)
    return {
        option: [name for name in names if name not in named]
        for option, names in GROUPS.items()
        if not config.getoption(option)
    }


def pytest_ignore_collect(collection_path, config):
    if any(collection_path.name in names for names in left_out(config).values()):
        return True


def pytest_terminal_summary(terminalreporter, config):
    for option, names in left_out(config).items():
        if names and not config.getoption("--all"):  # after which run.py runs the browser's
            terminalreporter.write_line(f"Left out: {', '.join(names)}; {option} runs them.")
