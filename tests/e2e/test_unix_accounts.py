"""LocalProcessSpawner: the notebook runs as the user's own unix account."""

import os
import pwd
import shutil
import subprocess
from pathlib import Path
from secrets import token_hex

import psutil
import pytest

from e2e.hubs import local, real_hub

PYTHON = Path("/usr/bin/python3")
"""Every account can run it, wherever ours lies."""


@pytest.fixture
def account(unavailable):
    """The name of a fresh unix account."""
    if os.geteuid() != 0 or not shutil.which("useradd"):
        unavailable("unix accounts are made by root with useradd")
    if not PYTHON.exists():
        unavailable(f"there is no {PYTHON}, which every account can run")
    name = f"e2e{token_hex(4)}"
    subprocess.run(["useradd", "--create-home", name], check=True)
    yield name
    subprocess.run(["userdel", "--remove", name], check=True, capture_output=True)


def test_a_notebook_runs_as_its_users_account(proxy, tmp_path, account):
    """User id, home and name are the account's; a killed hub finds the process again and can stop it."""
    program = Path(__file__).with_name("stand_in.py").read_text()
    kwargs = {"cmd": [str(PYTHON), "-I", "-c", program]}
    spawner = {"class": "jupyterhub.spawner.LocalProcessSpawner", "kwargs": kwargs}
    with real_hub(tmp_path, proxy, offers=([local(spawner=spawner)],)) as hub:
        told = hub.launch(account)
        entry = pwd.getpwnam(account)
        assert psutil.Process(told["pid"]).uids().real == entry.pw_uid
        assert (told["cwd"], told["env"]["HOME"], told["env"]["USER"]) == (
            entry.pw_dir,
            entry.pw_dir,
            account,
        )
        hub.kill()
        hub.start()
        hub.wait("server", lambda: hub.ready(account))
        hub.stop_server(account)
        hub.wait("release", hub.nothing_is_held)
        assert not psutil.pid_exists(told["pid"])
