"""The demo runs from the wheel, outside of the checkout: a hub, a notebook, an end without traces."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
import requests

ROOT = Path(__file__).resolve().parents[2]
LIMIT = 120  # seconds; each wait takes about five on two cores


def wait_for(what, condition, process, log):
    """Poll until a condition holds; fails with the log when it does not in time or the hub has ended."""
    until = time.monotonic() + LIMIT
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(requests.ConnectionError):
            if answer := condition():
                return answer
        time.sleep(0.1)
    pytest.fail(f"no {what}, status {process.poll()}:\n{log.read_text()[-5000:]}")


def three_free_ports():
    """The first of three neighbours that nobody listens on."""
    for port in range(20000, 32000, 3):
        with contextlib.ExitStack() as taken, contextlib.suppress(OSError):
            for each in range(port, port + 3):
                taken.enter_context(socket.socket()).bind(("127.0.0.1", each))
            return port
    raise AssertionError("no three free ports")


@pytest.fixture(scope="module")
def demo(installed, tmp_path_factory):
    """The demo's address, state folder, process and log."""
    home = tmp_path_factory.mktemp("demo")
    shutil.copytree(ROOT / "demo", home / "demo", ignore=shutil.ignore_patterns("__pycache__"))
    find = [sys.executable, ROOT / "demo" / "find_proxy.py"]
    proxy = Path(subprocess.run(find, capture_output=True, text=True, check=True).stdout.strip())
    port, state, log = three_free_ports(), home / "state", home / "log"
    # the notebook's program is one of the borrowed dependencies
    folders = [str(proxy.parent), str(Path(sys.executable).parent), os.environ["PATH"]]
    with log.open("w") as out:
        process = subprocess.Popen(
            [installed.bin / "python", home / "demo" / "start.py", f"--port={port}", f"--state={state}"],
            cwd=home, env=os.environ | {"PATH": ":".join(folders)}, stdout=out, stderr=subprocess.STDOUT,
            # a shell's background jobs ignore it, and so would everything below
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )  # fmt: skip
    yield f"http://127.0.0.1:{port}", state, process, log
    for left in (
        [*psutil.Process(process.pid).children(recursive=True), process] if process.poll() is None else []
    ):
        left.kill()


@pytest.fixture(scope="module")
def ada(demo):
    """A browser in which a demo user has logged in, and what it sends to be believed."""
    address, state, process, log = demo
    browser = requests.Session()
    wait_for("hub", lambda: browser.get(f"{address}/hub/api", timeout=5).ok, process, log)
    browser.get(f"{address}/hub/login", timeout=5)
    form = {"username": "ada", "password": (state / "password").read_text(), "_xsrf": token(browser)}
    assert browser.post(f"{address}/hub/login", data=form, timeout=5).ok
    browser.headers.update({"Referer": f"{address}/hub/home", "X-XSRFToken": token(browser)})
    return browser


def token(browser):
    """The hub's token against forged requests."""
    return next(
        cookie.value for cookie in browser.cookies if (cookie.name, cookie.path) == ("_xsrf", "/hub/")
    )


def test_only_its_owner_can_read_the_demos_files(demo, ada):
    """The state folder with password, log and database is closed to others."""
    _, state, _, _ = demo
    assert state.stat().st_mode & 0o077 == 0


def test_a_notebook_starts(demo, ada):
    """A demo user picks an offer and gets JupyterLab."""
    address, _, process, log = demo
    server = f"{address}/hub/api/users/ada/server"
    asked = ada.post(server, json={"offer": "laboratory"}, timeout=LIMIT)
    assert asked.status_code in (201, 202), asked.text
    me = f"{address}/hub/api/users/ada"
    wait_for(
        "notebook", lambda: ada.get(me, timeout=5).json()["servers"].get("", {}).get("ready"), process, log
    )
    page = ada.get(f"{address}/user/ada/", timeout=30)
    assert page.ok
    assert page.url.endswith("/user/ada/lab")


def test_ending_it_leaves_nothing_running(demo, ada):
    """After Ctrl-C no process of the demo is left."""
    _, _, process, _ = demo
    family = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(signal.SIGINT)
    process.wait(LIMIT)
    _, alive = psutil.wait_procs(family, timeout=LIMIT)
    assert alive == []
