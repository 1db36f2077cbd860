"""run.py lab starts JupyterLab on the reader's copy of the start page."""

import json
import secrets
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from tools import copies, lab
from tools.chapters import ROOT


def wait_for(port, seconds=60):
    end = time.monotonic() + seconds
    while not lab.port_trouble(port):
        assert time.monotonic() < end, f"JupyterLab does not listen on port {port}"
        time.sleep(0.1)


def test_lab_opens_the_start_page_and_asks_nothing(tmp_path):
    copies.make(tmp_path)
    port, token = lab.next_free(20000), secrets.token_hex()
    server = subprocess.Popen(
        [sys.executable, "-m", "jupyterlab", *lab.lab_arguments(port, tmp_path)]
        + ["--no-browser", f"--IdentityProvider.token={token}"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )

    def fetch(place):
        return urllib.request.urlopen(f"http://localhost:{port}/{place}?token={token}", timeout=60)

    try:
        wait_for(port)
        assert f":{port}/lab/tree/{lab.start_page()}?" in fetch("").url
        assert json.load(fetch(f"api/contents/{lab.start_page()}"))["type"] == "notebook"
        if Path(sys.prefix) == ROOT / ".venv":  # not in conda's environment or the reader's own
            name = "@jupyterlab/apputils-extension:notification"
            schema = json.load(fetch(f"lab/api/settings/{name}"))["schema"]
            answer = {key: value["default"] for key, value in schema["properties"].items()}
            assert answer["fetchNews"] == "false"
            assert answer["checkForUpdates"] is False
    finally:
        server.terminate()
        server.wait(30)
