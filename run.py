"""One command for everything: python3 run.py COMMAND [arguments]"""
# An old Python has to read this file as well, to be told that it is too old: no f-strings here.

import os
import sys

USAGE = """usage: python3 run.py COMMAND [arguments]

  lab      open the notebooks in JupyterLab            [--port N] [--no-browser] ...
  test     check the style, run the tests and notebooks    [pytest's arguments]
           --browser: only the tests in JupyterLab, which need chromium or Chrome
  refresh  run the notebooks and store their outputs       [chapters]
  figures  draw the pictures in figures/
  sheet    print the formula sheet, docs/formula_sheet.html; its PDF needs chromium or Chrome
  bench    compare with other packages, in accuracy and time    [--claims N]
           --live: how fast a live figure follows, which needs chromium or Chrome
  mutate   change one sign at a time, and list what no test notices    [chapters, modules]

The first command installs the packages into .venv, which takes a minute or two."""


def too_old(version):
    """Return what to tell the user of a Python of this version, None when it is new enough."""
    if tuple(version[:2]) >= (3, 11):
        return None
    return (
        "The notebooks need Python 3.11 or newer and this is Python %d.%d: "
        "install a newer one and use it to start run.py." % tuple(version[:2])
    )


def run(command, arguments):
    """Run a command of USAGE and return its exit code, or the sentence that says what failed."""
    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
    from tools import lab, setup_venv

    try:
        if command == "lab":
            return lab.start(arguments)
        setup_venv.prepare()
        if command == "bench" and "--live" in arguments:
            return setup_venv.run_module("tools.bench_live")
        if command != "test":
            return setup_venv.run_module("tools." + command, *arguments)
        style = setup_venv.run_module("ruff", "check", ".")
        layout = setup_venv.run_module("ruff", "format", "--check", ".")
        if "--browser" in arguments:
            arguments = ["tests/test_browser.py", *arguments]
        return setup_venv.run_module("pytest", *arguments) or style or layout
    except setup_venv.SetupError as problem:
        return str(problem)
    except KeyboardInterrupt:
        return 130


def main(arguments):
    complaint = too_old(sys.version_info)
    if complaint:
        return complaint
    commands = ("lab", "test", "refresh", "figures", "sheet", "bench", "mutate")
    if arguments and arguments[0] in commands:
        return run(arguments[0], arguments[1:])
    print(USAGE)
    return 0 if arguments in (["-h"], ["--help"]) else 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
