"""The project's own Python: makes .venv with what requirements-dev.txt pins, runs modules in it.

Only the standard library is used here, since nothing else is installed yet.
"""

import errno
import hashlib
import importlib.metadata
import json
import os
import shutil
import signal
import subprocess
import sys
import tomllib
import venv
from pathlib import Path

from tools import say

ROOT = Path(__file__).resolve().parent.parent
PINS = "requirements-dev.txt"  # a reader's requirements.txt, and more
NEEDED_MB = 750
AT_ONCE = 20  # packages for one pip, after which they are counted
LAST_LINES = 12  # of pip's words, to be shown where it fails

# What would send packages elsewhere, hide pip's words, or change what the notebooks do.
UNWANTED_VARIABLES = {
    *("PYTHONHOME", "PYTHONOPTIMIZE", "PYTHONPATH", "PYTHONSAFEPATH", "PYTHONSTARTUP"),
    *("PYTHONWARNINGS", "JUPYTER_PATH", "MPLBACKEND", "PYTEST_ADDOPTS"),
    *("PIP_CONSTRAINT", "PIP_DRY_RUN", "PIP_NO_DEPS", "PIP_PREFIX", "PIP_PYTHON", "PIP_QUIET"),
    *("PIP_REQUIREMENT", "PIP_ROOT", "PIP_TARGET", "PIP_VERBOSE"),
}
OWN_VARIABLES = {
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    "PIP_REQUIRE_VIRTUALENV": "0",
    "PIP_USER": "0",
    "JUPYTER_PREFER_ENV_PATH": "1",
}

# JupyterLab asks on its first start whether it may fetch news: answered here.
LAB_SETTINGS = {
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False}
}


class SetupError(Exception):
    """A set-up that failed; its text is what to show: one sentence, and pip's last lines."""


def prepare(root=ROOT):
    """Make .venv, unless it stands and is up to date."""
    try:
        if not is_ready(root):
            make(root)
        furnish(root / ".venv")
    except OSError as error:
        raise SetupError(cannot_write(error)) from error
    except ValueError as error:
        raise SetupError(say("cannot-make-venv", error=error)) from error


def run_module(name, *arguments):
    """Run ``python -m name arguments`` in .venv at the root, return its exit code."""
    command = [venv_python(ROOT), "-m", name, *arguments]
    process = subprocess.Popen(command, cwd=ROOT, env=environment())
    signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    interrupted = False
    while process.poll() is None:
        try:
            process.wait()
        except KeyboardInterrupt:  # the process has got it as well, and ends in its own way
            interrupted = True
    if interrupted:
        raise KeyboardInterrupt
    return process.returncode


def environment():
    """Return the user's environment without what would disturb; pip's mirrors and proxies stay.

    Matplotlib keeps its list of fonts in .venv: one that another environment wrote may lack ours.
    """
    kept = {name: value for name, value in os.environ.items() if name not in UNWANTED_VARIABLES}
    return kept | OWN_VARIABLES | {"MPLCONFIGDIR": str(ROOT / ".venv" / "matplotlib")}


def venv_python(root):
    return root / ".venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


# Is it up to date?


def is_ready(root):
    stamp = root / ".venv" / "stamp.json"
    return (
        venv_python(root).exists()
        and stamp.is_file()
        and stamp.read_text(encoding="utf-8") == wanted_stamp(root)
    )


def wanted_stamp(root):
    """Return the text that tells one .venv from another: its place, its Python, its packages."""
    settings = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    tables = [settings["build-system"], settings["project"], settings["tool"]["setuptools"]]
    packages = (root / PINS).read_text(encoding="utf-8") + json.dumps(tables)
    stamp = {
        "place": str(root),
        "python": [sys.version, sys.base_prefix],
        "packages": hashlib.sha256(packages.encode()).hexdigest(),
    }
    return json.dumps(stamp, indent=1)


# Making it


def make(root):
    if (root / ".venv").is_symlink():  # what it leads to would be cleared
        raise SetupError(say("venv-is-a-link"))
    print(say("installing"), flush=True)
    venv.create(root / ".venv", clear=True, symlinks=os.name != "nt")
    free_mb = shutil.disk_usage(root).free // 2**20
    if free_mb < NEEDED_MB:
        raise SetupError(say("too-little-space", free=free_mb, needed=NEEDED_MB))
    install(find_pip(root), pinned(root / PINS), root)
    answer_for_lab(root / ".venv")
    (root / ".venv" / "stamp.json").write_text(wanted_stamp(root), encoding="utf-8")


def answer_for_lab(environment):
    """Let JupyterLab in an environment not ask what it would ask at its first start."""
    settings = environment / "share" / "jupyter" / "lab" / "settings" / "overrides.json"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text(json.dumps(LAB_SETTINGS), encoding="utf-8")


def furnish(environment):
    """Put into an environment, such as .venv, what comes from us and not from a package.

    Each kernel begins with kernel_start.py, and JupyterLab has labextension/.
    """
    startup = environment / "etc" / "ipython" / "startup"
    startup.mkdir(parents=True, exist_ok=True)
    shutil.copy(Path(__file__).with_name("kernel_start.py"), startup)
    extension = environment / "share" / "jupyter" / "labextensions" / "matrix-calculus"
    shutil.copytree(Path(__file__).with_name("labextension"), extension, dirs_exist_ok=True)


def find_pip(root):
    """Return the command of a pip that installs into .venv, which has none of its own.

    Debian's Python cannot put a pip into a new environment, so the pip outside comes first.
    """
    inside = str(venv_python(root))
    outside = [sys._base_executable, "-m", "pip", "--python", inside]
    if succeeds([*outside, "--version"], root):
        return outside
    if succeeds([inside, "-m", "ensurepip"], root):
        return [inside, "-m", "pip"]
    raise SetupError(say("no-pip"))


def succeeds(command, root):
    done = subprocess.run(command, cwd=root, env=environment(), capture_output=True)
    return done.returncode == 0


def add(name, root=ROOT):
    """Install what another list of pins asks for, unless it is there, or end with what failed."""
    missing = [line for line in pinned(root / name) if not is_installed(line)]
    if missing:
        print(say("installing-more", count=len(missing)), flush=True)
        try:
            install(find_pip(root), missing, root)
        except SetupError as problem:
            sys.exit(str(problem))


def is_installed(pin):
    name, _, version = pin.partition("==")
    try:
        return importlib.metadata.version(name) == version
    except importlib.metadata.PackageNotFoundError:
        return False


def pinned(path):
    """Return the lines of a list of packages."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def install(pip, packages, root):
    """Install packages, some at a time, and say how far it is.

    The pins are complete, so that pip need not look for what a package needs.
    """
    for start in range(0, len(packages), AT_ONCE):
        show(say("installed", count=start, all=len(packages)))
        part = packages[start : start + AT_ONCE]
        options = [word for line in part for word in (line.split() if line[0] == "-" else [line])]
        done = subprocess.run(
            [*pip, "install", "--no-deps", "--no-input", "--progress-bar", "off", *options],
            cwd=root,
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        if done.returncode:
            words = [line for line in done.stdout.decode(errors="replace").splitlines() if line]
            raise SetupError("\n".join([say("pip-failed"), *words[-LAST_LINES:]]))
    show(say("installed", count=len(packages), all=len(packages)), last=True)


def show(line, last=False):
    """Print a line, in a terminal over the one before."""
    if sys.stdout.isatty():
        print(f"\r{line}", end="\n" if last else "", flush=True)
    else:
        print(line, flush=True)


def cannot_write(error):
    """Return the sentence for an error of the system."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return say("disk-full", needed=NEEDED_MB)
    return say("cannot-write-venv", error=error.strerror)
