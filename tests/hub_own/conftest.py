"""How JupyterHub's own tests can be run on this machine."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

from hub_own.hub_runs import FIND_PROXY, Runner, can_run, ways_to_be_unprivileged


@pytest.fixture(scope="session")
def runner(unavailable: Callable[[str], NoReturn]) -> Runner:
    """The machine's proxy, and how to be nobody where the tests run as root."""
    found = subprocess.run([sys.executable, FIND_PROXY], capture_output=True, text=True, check=False)
    if found.returncode:
        unavailable(f"no proxy for JupyterHub: {found.stderr}")
    proxy = Path(found.stdout.strip())
    for prefix in ways_to_be_unprivileged():
        if can_run(prefix, proxy):
            return Runner(prefix, proxy)
    return unavailable(
        "a user without rights can run neither this Python nor the proxy, also not with setpriv"
    )
