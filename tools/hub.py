"""Starts a JupyterHub with two accounts on this computer, to try a class before there is one.

Everything stands in the folder that is named: the environment, the proxy, the class's repository
with the handout, and a home for each account. What it makes is explained in docs/class.md, and
its jupyterhub_config.py is where a real one can begin.
"""

import argparse
import os
import secrets
import shutil
import signal
import subprocess
import sys
import venv
from pathlib import Path
from urllib.parse import urlencode

from tools import copies, handout, lab, say, setup_venv, speak

PROXY = "configurable-http-proxy@5.1.0"
ACCOUNTS = ["student1", "student2"]
CONFIG = Path(__file__).with_name("hub_config.txt")


def link(address, folder, path):
    """Return the address that brings the class's repository up to date, and opens a chapter."""
    wanted = {"repo": f"{folder}/class", "branch": "main", "targetPath": "my_notebooks"}
    return f"{address}/hub/user-redirect/git-pull?" + urlencode(
        wanted | {"urlpath": f"lab/tree/{path}"}
    )


def make(folder, port, language=copies.LANGUAGE):
    """Make what is missing in a folder, and write the configuration anew."""
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / ".venv" / "ready").exists():
        make_environment(folder)
    if not (folder / "node_modules").exists():
        command = [shutil.which("npm") or "npm", "install", "--prefix", folder, PROXY]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    if not (folder / "class" / language).exists():
        handout.write(folder / "class", language)
        publish(folder / "class")
    for name in ACCOUNTS:
        (folder / "home" / name).mkdir(parents=True, exist_ok=True)
    if not (folder / "password").exists():
        (folder / "password").touch(mode=0o600)
        (folder / "password").write_text(secrets.token_urlsafe(8), encoding="utf-8")
    (folder / "jupyterhub_config.py").write_text(config(folder, port), encoding="utf-8")


def make_environment(folder):
    venv.create(folder / ".venv", clear=True, symlinks=True)
    lists = [setup_venv.ROOT / f"requirements{name}.txt" for name in ("", "-hub")]
    pins = [line for path in lists for line in setup_venv.pinned(path)]
    setup_venv.install(setup_venv.find_pip(folder), pins, setup_venv.ROOT)
    setup_venv.answer_for_lab(folder / ".venv")
    setup_venv.furnish(folder / ".venv")
    (folder / ".venv" / "ready").touch()


def publish(repository):
    """Commit what stands in the class's repository, which is made where there is none."""
    own = ["-c", "user.name=class", "-c", "user.email=class@localhost"]
    if not (repository / ".git").exists():
        subprocess.run(["git", "init", "-q", "-b", "main"], cwd=repository, check=True)
    subprocess.run(["git", "add", "--all"], cwd=repository, check=True)
    subprocess.run(["git", *own, "commit", "-q", "-m", "Handout"], cwd=repository, check=True)


def config(folder, port):
    hub_port = lab.next_free(port + 1)
    root = '    "--allow-root",\n' if os.geteuid() == 0 else ""
    return CONFIG.read_text(encoding="utf-8").format(
        folder=folder,
        port=port,
        hub_port=hub_port,
        proxy_port=lab.next_free(hub_port + 1),
        accounts=ACCOUNTS,
        root=root,
        trying=say("hub-for-trying"),
        patience=say("hub-waits"),
        culling=say("hub-culls"),
    )


def start(folder):
    """Return the process of the hub, whose words go to hub.log."""
    programs = f"{folder / '.venv' / 'bin'}:{os.environ['PATH']}"
    with (folder / "hub.log").open("ab") as log:
        return subprocess.Popen(
            [folder / ".venv" / "bin" / "jupyterhub", "--config=jupyterhub_config.py"],
            cwd=folder,
            env=setup_venv.environment() | {"PATH": programs},
            stdout=log,
            stderr=subprocess.STDOUT,
        )


def main():
    speak(sys.argv[1:])
    parser = argparse.ArgumentParser(prog="run.py hub")
    parser.add_argument("folder", metavar="FOLDER", type=Path, help=say("help-hub"))
    parser.add_argument("--port", type=int, default=8000, help=say("help-hub-port"))
    parser.add_argument(
        "--language", choices=copies.languages(), default="en", help=say("help-language")
    )
    options = parser.parse_args()
    folder = options.folder.resolve()
    make(folder, options.port, options.language)
    first = lab.start_page(options.language)
    address = link(f"http://127.0.0.1:{options.port}", folder, first)
    password = (folder / "password").read_text(encoding="utf-8")
    print(say("hub-starts", accounts=ACCOUNTS, password=password, address=address), flush=True)
    process = start(folder)
    signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    try:
        return process.wait()
    except KeyboardInterrupt:
        return process.wait()


if __name__ == "__main__":
    sys.exit(main())
