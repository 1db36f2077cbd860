"""Opens JupyterLab on the reader's copy of the start page."""

import argparse
import ctypes
import errno
import locale
import os
import shlex
import socket
import subprocess
import sys

from tools import copies, languages, say, setup_venv, speak


def start(arguments):
    """Run JupyterLab until it is closed, return its exit code."""
    options, others = read_arguments(arguments)
    trouble = port_trouble(options.port)
    if trouble:
        command = command_with(next_free(options.port), options, others)
        raise setup_venv.SetupError(
            say("port-not-free", port=options.port, trouble=trouble, command=command)
        )
    setup_venv.prepare()
    try:
        copies.make(setup_venv.ROOT, options.fresh, options.language)
    except OSError as error:
        raise setup_venv.SetupError(say("cannot-write-copies", error=error.strerror)) from error
    own = lab_arguments(options.port, language=options.language)
    return setup_venv.run_module("jupyterlab", *own, *others)


def read_arguments(arguments):
    own = system_language()
    speak(arguments, own)
    parser = argparse.ArgumentParser(
        prog="run.py lab", allow_abbrev=False, epilog=say("help-other-arguments")
    )
    parser.add_argument("--port", type=int, default=8888, help=say("help-port"))
    parser.add_argument(
        "--fresh", nargs="+", default=[], metavar="CHAPTER", help=say("help-fresh")
    )
    parser.add_argument(
        "--language", choices=languages(), default=own, help=say("help-language-of-computer")
    )
    options, others = parser.parse_known_args(arguments)
    if not 0 <= options.port < 2**16:
        parser.error(say("port-out-of-range", port=options.port))
    if name := copies.unknown(options.fresh):
        parser.error(say("no-such-chapter", name=name))
    return options, others


def system_language():
    """Return the language of this computer where there are chapters in it, English elsewhere."""
    if os.name == "nt":
        name = locale.windows_locale.get(ctypes.windll.kernel32.GetUserDefaultUILanguage(), "")
    else:
        names = map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))
        name = next(filter(None, names), "")
    return name[:2] if name[:2] in copies.languages() else copies.LANGUAGE


def start_page(language=copies.LANGUAGE):
    """Return the path of the reader's start page, from the project's folder."""
    return f"{copies.working_copy.FOLDER}/{language}/{copies.chapters()[0].name}"


def lab_arguments(port, root=setup_venv.ROOT, language=copies.LANGUAGE):
    arguments = [
        f"--ServerApp.root_dir={root}",
        f"--LabApp.default_url=/lab/tree/{start_page(language)}",
        f"--ServerApp.port={port}",
        "--ServerApp.port_retries=0",
        "--ServerApp.answer_yes=True",
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        arguments.append("--allow-root")
    return arguments


def port_trouble(port):
    """Return why nobody can listen on this port of localhost, None when one can."""
    addresses = socket.getaddrinfo("localhost", port, type=socket.SOCK_STREAM)
    for family, kind, _, _, address in addresses:
        with socket.socket(family, kind) as probe:
            if os.name != "nt":
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(address)
            except OSError as error:
                if error.errno != errno.EADDRNOTAVAIL:
                    return error.strerror
    return None


def next_free(port):
    candidates = [*range(port + 1, 2**16), *range(8888, port)]
    return next(candidate for candidate in candidates if not port_trouble(candidate))


def command_with(port, options, others):
    """Return the command the user typed, with another port."""
    command = [sys.orig_argv[0], sys.argv[0], "lab", "--port", str(port), *others]
    command += ["--language", options.language] if options.language != system_language() else []
    command += ["--fresh", *options.fresh] if options.fresh else []
    return subprocess.list2cmdline(command) if os.name == "nt" else shlex.join(command)
