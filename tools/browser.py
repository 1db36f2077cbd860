"""A real JupyterLab in a real browser, for the tests and for the benchmark."""

import contextlib
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import sync_playwright

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# Speak to nobody but our own server.
OPTIONS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --disable-renderer-backgrounding"
).split()
IDLE = (
    "window.jupyterapp?.shell?.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'"
)
# Errors in what runs when a control moves reach no cell, only the kernel's own messages.
REPORT_STDERR = """() => {
    const { kernel } = jupyterapp.shell.currentWidget.sessionContext.session;
    kernel.iopubMessage.connect((_, { header, content }) => {
        if (header.msg_type === 'error') console.error(content.traceback.join('\\n'));
        if (header.msg_type === 'stream' && content.name === 'stderr') console.error(content.text);
    });
    window.unanswered = new Set();
    window.heard = performance.now();
    kernel.anyMessage.connect((_, { msg, direction }) => {
        const { header, parent_header, content } = msg;
        if (direction === 'send' && header.msg_type === 'comm_msg') unanswered.add(header.msg_id);
        else if (content?.execution_state === 'idle') unanswered.delete(parent_header.msg_id);
        heard = performance.now();
    });
}"""
PATIENCE = 180_000  # milliseconds, for a machine that is busy otherwise
# ipywidgets hold back what they have to tell while the kernel is busy with what they told before.
SETTLED = "!unanswered.size && performance.now() - heard > 80"

RUN = """(code) => {
    const { kernel } = jupyterapp.shell.currentWidget.sessionContext.session;
    const future = kernel.requestExecute({ code });
    let printed = '';
    future.onIOPub = (m) => { if (m.header.msg_type === 'stream') printed += m.content.text; };
    return future.done.then(() => printed);
}"""


# What tornado says of a page that was closed while the server still had something to tell it.
LEFT_EARLY = re.compile(
    r"^Task exception was never retrieved\nfuture: .*write_message(?s:.*?)WebSocketClosedError\n",
    re.MULTILINE,
)
# A number that is another one when a pixel of a canvas is.
FINGERPRINT = """(canvas) => {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    const pixels = new Uint32Array(data.buffer);
    let number = canvas.width;
    for (let i = 0; i < pixels.length; i++) number = Math.imul(number ^ pixels[i], 0x01000193);
    return number;
}"""


def find():
    """Return the path of a chromium or of Chrome, None where there is none."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


class Lab:
    """A JupyterLab that serves `folder`; what it says is in `log`."""

    def __init__(self, folder):
        self.folder, self.log = folder, folder / "server.log"
        self.token, self.read = secrets.token_hex(), 0
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.address = f"http://127.0.0.1:{probe.getsockname()[1]}"

    def __enter__(self):
        settings = {
            name: str(self.folder / ".settings" / name)
            for name in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR")
            + ("JUPYTERLAB_SETTINGS_DIR", "JUPYTERLAB_WORKSPACES_DIR")
        }
        kept = Path(settings["JUPYTERLAB_SETTINGS_DIR"], "@jupyterlab/docmanager-extension")
        kept.mkdir(parents=True, exist_ok=True)  # else a page is saved after two minutes
        (kept / "plugin.jupyterlab-settings").write_text('{"autosave": false}')
        command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--expose-app-in-browser"]
        command += ["--JupyterNotebookApp.expose_app_in_browser=True"]
        command += ["--allow-root", f"--ServerApp.root_dir={self.folder}"]
        command += [f"--ServerApp.port={self.address.rpartition(':')[2]}"]
        command += ["--ServerApp.port_retries=0", f"--IdentityProvider.token={self.token}"]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command, env=os.environ | settings, stdout=log, stderr=subprocess.STDOUT
            )
        for _ in range(PATIENCE // 200):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"{self.address}/api?token={self.token}").close()
                return self
            time.sleep(0.2)
        self.__exit__()
        raise RuntimeError(f"JupyterLab did not start:\n{self.log.read_text()}")

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def complaints(self):
        """Return the new lines of the log in which the server or a kernel reports a mistake."""
        log = self.log.read_text(encoding="utf-8", errors="replace")
        lines = LEFT_EARLY.sub("", log).splitlines()
        lines, self.read = lines[self.read :], len(lines)
        return [line for line in lines if re.search(r"^\[E |ERROR|CRITICAL|Traceback", line)]

    def open(self, browser, name, app="lab/tree", **options):
        """Open a notebook in a new page and wait for its kernel.

        What goes wrong in the page, and what the kernel writes to stderr, is added to the
        list ``page.complaints``. With ``app="notebooks"`` it is opened in Notebook 7. Options go
        to playwright's ``new_page``; a browser context, which keeps what it has loaded, has none.
        """
        page = browser.new_page(**options)
        page.set_viewport_size({"width": 1366, "height": 768})
        page.set_default_timeout(PATIENCE)
        page.complaints = []
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on("console", lambda message: _note(page, message))
        page.goto(f"{self.address}/{app}/{name}?reset&token={self.token}")
        page.wait_for_function(IDLE)
        page.evaluate(REPORT_STDERR)
        if app == "lab/tree":
            command(page, "application:toggle-left-area")
        return page


def _note(page, message):
    # JupyterLab may greet ipywidgets before a notebook has imported them. The kernel then says
    # that there is no such comm, and all goes on.
    if message.type == "error" and not message.text.startswith("No such comm"):
        page.complaints.append(f"{message.text} {message.location['url']}")


def command(page, name, **arguments):
    """Let JupyterLab carry out one of its commands, and wait until it is done."""
    page.evaluate(
        "([name, options]) => jupyterapp.commands.execute(name, options).then(() => {})",
        [name, arguments],
    )


def settle(page):
    """Wait until the kernel has done all that the controls have asked for."""
    page.wait_for_function(SETTLED)


def execute(page, code):
    """Run code in the kernel of a page, outside all cells, and return what it prints."""
    return page.evaluate(RUN, code)


@contextlib.contextmanager
def chromium():
    """Start the browser and yield it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=OPTIONS)
        yield browser
        browser.close()
