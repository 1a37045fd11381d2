"""Hubs that are forks of a process which has imported what they all do: several hundred start in a run."""

import multiprocessing
import os
import sys
from collections.abc import Mapping
from multiprocessing.context import ForkServerProcess
from pathlib import Path

_forks = multiprocessing.get_context("forkserver")
_forks.set_forkserver_preload(
    ["asyncssh", "jupyterhub.app", "multiplespawner.bootstrap", "multiplespawner.adapters.inbound.hub"]
)


def forked_hub(folder: Path, config: Path, environment: Mapping[str, str]) -> ForkServerProcess:
    """Start `jupyterhub -f config` in a folder and a session of its own; it writes hub.log there."""
    # as a daemon it does not outlive the tests
    hub = _forks.Process(target=_be_hub, args=(folder, config, dict(environment)), daemon=True)
    hub.start()
    return hub


def _be_hub(folder: Path, config: Path, environment: Mapping[str, str]) -> None:
    from jupyterhub.app import JupyterHub

    os.setsid()
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    for number, file, flags in ((0, os.devnull, os.O_RDONLY), (1, "hub.log", os.O_WRONLY | os.O_APPEND)):
        opened = os.open(file, flags | os.O_CREAT, 0o644)
        os.dup2(opened, number)
        os.close(opened)
    os.dup2(1, 2)
    sys.argv = ["jupyterhub", "-f", str(config)]
    JupyterHub.launch_instance()
