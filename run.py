"""One command for everything: python3 run.py COMMAND [arguments]"""
# An old Python has to read this file as well, to be told that it is too old: no f-strings here.

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from tools import say, speak


def too_old(version):
    """Return what to tell the user of a Python of this version, None when it is new enough."""
    if tuple(version[:2]) >= (3, 11):
        return None
    return say("python-too-old", major=version[0], minor=version[1])


def from_root(arguments):
    """Return arguments with their folders as the root sees them, where the commands run."""
    seen, before = [], ""
    for one in arguments:
        is_folder = not one.startswith("-") and before not in ("--language", "--port")
        seen.append(os.path.abspath(one) if is_folder else one)
        before = one
    return seen


def run(command, arguments):
    """Run a command and return its exit code, or the sentence that says what failed."""
    from tools import lab, setup_venv

    try:
        if command == "lab":
            return lab.start(arguments)
        setup_venv.prepare()
        for part in ("live", "formulas"):
            if command == "bench" and "--" + part in arguments:
                return setup_venv.run_module("tools.bench_" + part)
        if command in ("handout", "scores", "hub"):  # with folders, seen from where the user is
            arguments = from_root(arguments)
        if command != "test":
            return setup_venv.run_module("tools." + command, *arguments)
        return test(setup_venv.run_module, arguments)
    except setup_venv.SetupError as problem:
        return str(problem)
    except KeyboardInterrupt:
        return 130


def test(run_module, arguments):
    """Run the tests that are asked for and return the first exit code that tells of a failure."""
    browser = ["tests/test_browser.py", "tests/test_lab.py", "--browser"]
    browser += ["-n", str(min(os.cpu_count() or 1, 2)), "--dist", "loadgroup"]
    # One more than cores: a worker often waits, while the kernel of a notebook starts.
    parallel = ["-n", str(min(os.cpu_count() or 1, 4) + 1), "--dist", "loadfile"]
    parallel.append("--no-loadscope-reorder")
    steps = [["ruff", "check", "."], ["ruff", "format", "--check", "."]]
    if "--browser" in arguments:
        steps.append(["pytest", *browser, *arguments])
    elif "--all" in arguments:
        steps += [["pytest", *parallel, *arguments], ["pytest", *browser, *arguments]]
    else:
        whole = not arguments or arguments == ["--slow"]
        steps.append(["pytest", *(parallel if whole else []), *arguments])
    codes = [run_module(*step) for step in steps]
    return next(filter(None, codes), 0)


def main(arguments):
    for stream in (sys.stdout, sys.stderr):  # of a terminal that may not know every letter
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    speak(arguments)
    complaint = too_old(sys.version_info)
    if complaint:
        return complaint
    commands = (
        "lab",
        "handout",
        "scores",
        "hub",
        "test",
        "refresh",
        "figures",
        "sheet",
        "bench",
        "mutate",
        "site",
        "slides",
        "translation",
    )
    if arguments and arguments[0] in commands:
        return run(arguments[0], arguments[1:])
    print(say("usage"))
    return 0 if arguments in (["-h"], ["--help"]) else 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
