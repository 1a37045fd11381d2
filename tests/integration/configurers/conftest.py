"""Ansible at real hosts."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ansible_rig import Site
from ssh_hosts import SshHost, ssh_hosts


@pytest.fixture(scope="module")
def host(ssh_possible: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SshHost]:
    """A host that the tests of a file don't change."""
    with ssh_hosts(tmp_path_factory.mktemp("hosts")) as hosts:
        yield hosts[0]


@pytest.fixture
def site(host: SshHost, tmp_path: Path) -> Iterator[Site]:
    """That host and a fresh hub."""
    site = Site.found(host, tmp_path / "hub")
    yield site
    site.leave()
