"""Hosts that are entered over SSH, for any test."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import pytest

from ssh_hosts import SshHost, missing
from ssh_hosts import ssh_hosts as hosts_over_ssh
from ssh_rig import notebooks


@pytest.fixture(scope="session")
def ssh_possible(unavailable: Callable[[str], NoReturn]) -> None:
    """Hosts can be made here; with it, a test or a fixture of any scope may use `ssh_hosts.ssh_hosts`."""
    if reason := missing():
        unavailable(reason)


@pytest.fixture
def ssh_hosts(ssh_possible: None, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[list[SshHost]]:
    """Two fresh hosts; another number is an indirect parameter."""
    with hosts_over_ssh(tmp_path / "hosts", getattr(request, "param", 2)) as hosts:
        yield hosts


@pytest.fixture
def ssh_host(ssh_possible: None, tmp_path: Path) -> Iterator[SshHost]:
    """A fresh host."""
    with hosts_over_ssh(tmp_path / "hosts") as hosts:
        yield hosts[0]


@pytest.fixture
def ssh_host_without_python(ssh_possible: None, tmp_path: Path) -> Iterator[SshHost]:
    """A fresh host that has no Python."""
    with hosts_over_ssh(tmp_path / "hosts", python=False) as hosts:
        yield hosts[0]


@pytest.fixture(scope="session")
def notebook_programs(unavailable: Callable[[str], NoReturn]) -> Path:
    """Folder with jupyterhub-singleuser, for `SshHost.install`; kept for the next run."""
    try:
        return notebooks.programs()
    except (OSError, subprocess.SubprocessError) as error:
        unavailable(f"JupyterHub can't be installed where all accounts can run it: {error}")


@pytest.fixture(scope="session")
def shared_ssh_host(ssh_possible: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SshHost]:
    """One host for all tests of the run: each makes accounts of its own and changes nothing else."""
    with hosts_over_ssh(tmp_path_factory.mktemp("hosts")) as hosts:
        yield hosts[0]
