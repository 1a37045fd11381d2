"""A host is set up once for each user, until something changes or turns out to be of no use."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from e2e.hubs import RealHub, real_hub
from e2e.over_ssh import CONFIGURER, ca_of, left_on, over_ssh, pool, prepare
from ssh_hosts import SshHost

MAKE = "echo {0} >>/root/ran; id {0} || useradd --create-home --shell /bin/bash --password '*' {0}"


def write(playbook: Path, command: str = MAKE) -> None:
    """A playbook that leaves a line for each time that it is run, and makes the account."""
    task = {"name": "Make it", "ansible.builtin.shell": command.format("{{ multiplespawner_account }}")}
    playbook.write_text(json.dumps([{"hosts": "all", "gather_facts": False, "tasks": [task]}]))


@pytest.fixture
def hub(proxy: Path, tmp_path: Path, ssh_host: SshHost) -> Iterator[RealHub]:
    """One that offers the host twice: set up once, and set up each time."""
    prepare(ssh_host, ca=ca_of(tmp_path / "ms"))
    write(tmp_path / "ms/play.yml")
    options = {"apply_kwargs": {"playbook_path": "play.yml"}}
    configurer = {"class": CONFIGURER, "options": options}
    templates = [
        over_ssh("Once", configurer=configurer),
        over_ssh("Always", configurer={**configurer, "rerun": True}),
    ]
    hosts = {"bare_metal": [{"name": "any", "hosts": pool([ssh_host])}]}
    with real_hub(tmp_path, proxy, offers=(templates, hosts)) as started:
        yield started


def live(hub: RealHub, host: SshHost, user: str, template: str = "Once") -> list[str]:
    """Start a server and stop it; for whom the playbook was run since somebody last looked."""
    hub.launch(user, offer=f"hosts/{template}/any")
    hub.stop_server(user)
    hub.wait("release", hub.nothing_is_held)
    file = host.root / "root/ran"
    told = file.read_text().split() if file.exists() else []
    file.unlink(missing_ok=True)
    return told


def count(hub: RealHub, topic: str) -> int:
    """How many facts of a kind there are."""
    return [each for _, each in hub.facts()].count(topic)


def test_a_host_is_set_up_once_for_each_user(hub: RealHub, ssh_host: SshHost) -> None:
    """Whichever lease it is; not if the playbook is another, nor if it is to be run always."""
    users = ("ann", "ann", "ben", "ann")
    assert [live(hub, ssh_host, user) for user in users] == [["ann"], [], ["ben"], []]
    assert count(hub, "deployment.configurer_starting") == 2
    assert count(hub, "resource.configured") == 4
    write(hub.folder / "ms/play.yml", f"true; {MAKE}")
    assert live(hub, ssh_host, "ann") == ["ann"]
    for _ in range(2):
        assert live(hub, ssh_host, "ann", "Always") == ["ann"]
    assert left_on(ssh_host).is_nothing


def test_a_start_that_fails_has_the_host_set_up_again(hub: RealHub, ssh_host: SshHost) -> None:
    """As where somebody removed the account by hand."""
    assert live(hub, ssh_host, "ann") == ["ann"]
    ssh_host.run("userdel", "--remove", "ann")
    hub.api("POST", "users/ann/server", json={"offer": "hosts/Once/any"})
    hub.wait("failure", lambda: count(hub, "session.failed") == 1)
    hub.wait("release", hub.nothing_is_held)
    assert count(hub, "deployment.configurer_starting") == 1
    assert live(hub, ssh_host, "ann") == ["ann"]
