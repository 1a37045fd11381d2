"""Hosts of which each refuses in its own way, and a hub whose offers lead to one each."""

import json
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from attrs import define, frozen
from bs4 import BeautifulSoup

from e2e.browsers import Browser
from e2e.hubs import LIMIT, RealHub, real_hub
from e2e.leaks import of_sessions
from e2e.over_ssh import CONFIGURER, ca_of, files_on, left_on, over_ssh, pool, prepare, reservations
from multiplespawner.adapters.outbound.ssh import fingerprint
from ssh_hosts import SshHost, ssh_hosts

ADMINISTRATOR = "boss"
"""Configures the host that is in order."""

CLOCK = """
import time
from pathlib import Path
from types import SimpleNamespace
from multiplespawner.adapters.outbound.ssh import signing

signing.time = SimpleNamespace(time=lambda: time.time() - 86400 * Path("late").exists())
"""
"""Lines of a hub's configuration: while there is a file `late` in its folder, its CA is a day behind."""

PLAYBOOKS: Mapping[str, list[dict[str, Any]]] = {
    "harmless": [{"name": "Look", "ansible.builtin.command": {"argv": ["true"]}}],
    "failing": [{"name": "Mount the data", "ansible.builtin.fail": {"msg": "no disk is labelled data"}}],
}
"""Tasks by the name of the file."""

ROOMS = ("down", "good", "changed", "unknown", "foreign", "keyed", "dated", "listed", "bare")
"""Hosts, by what is wrong with them: each is the only one with its name as the label `is`."""

KEYED = ("keyed", "dated")
"""Their provider has a key of its own for them, so that only the authenticator is refused."""


@frozen
class Refused:
    """What somebody is told whose server does not start."""

    status: int
    """Of the hub's answer."""
    text: str
    """Of that answer, or of the progress where it came later."""
    message: str
    """On the page of the failure, like the rest."""
    code: str
    advice: str


@define(eq=False)
class Refusing:
    """A hub with its hosts."""

    hub: RealHub
    hosts: Mapping[str, SshHost]

    def refused(self, user: str, offer: str) -> Refused:
        """What a person is told who asks for an offer, by REST and on the page of the failure."""
        browser = Browser(self.hub)
        browser.login(user)
        answer = self.hub.api("POST", f"users/{user}/server", json={"offer": f"{offer}: any"})
        text = answer.text
        if answer.status_code == 202:
            self.hub.wait("failure", lambda: not self.hub.api("GET", f"users/{user}").json()["pending"])
            text = self.hub.api("GET", f"users/{user}/server/progress").text
        page = browser.session.get(f"{self.hub.url}/hub/spawn-pending/{user}", timeout=LIMIT)
        told = BeautifulSoup(page.text, "html.parser")
        return Refused(
            answer.status_code,
            text,
            *(_words(told, f"failure-{each}") for each in ("message", "code", "advice")),
        )

    def pinned(self, room: str) -> str:
        """Fingerprint of the key that a host must show."""
        settings = json.loads((self.hub.folder / "ms" / "spawner_deployment.json").read_text())
        known = {host["labels"]["is"]: host for host in settings["bare_metal"][0]["hosts"]}
        return fingerprint(known[room]["host_key"])

    def left(self) -> dict[str, Any]:
        """What is left anywhere of what was begun."""
        state = self.hub.folder / "ms"
        found = {
            "hosts": [each for host in self.hosts.values() for each in _on(host)],
            "private": of_sessions(state / "private"),
            "logins": [each.name for each in (state / "ssh").glob("login-*")],
            "leases": reservations(self.hub),
            "resources": not self.hub.nothing_is_held(),
        }
        return {what: each for what, each in found.items() if each}


def _on(host: SshHost) -> list[str]:
    """Processes of ours and files: leases, folders of runs, and whatever anybody put aside."""
    left = left_on(host)
    return [*left.processes, *left.files, *files_on(host, "tmp/*")]


def _words(page: BeautifulSoup, name: str) -> str:
    found = page.find(id=name)
    return " ".join(found.get_text().split()) if found else ""


@contextmanager
def refusing(folder: Path, proxy: Path) -> Iterator[Refusing]:
    """All of it, started."""
    state = folder / "hub" / "ms"
    state.mkdir(mode=0o700, parents=True)
    with (
        ssh_hosts(folder / "hosts", len(ROOMS) - 1) as made,
        ssh_hosts(folder / "bare", python=False) as bare,
    ):
        hosts = dict(zip((room for room in ROOMS if room != "bare"), made, strict=True)) | {"bare": bare[0]}
        offers = (_templates(), {"bare_metal": [{"name": "any", "hosts": _set_up(hosts, state, folder)}]})
        for name, tasks in PLAYBOOKS.items():
            play = {"hosts": "all", "gather_facts": False, "tasks": tasks}
            (state / f"{name}.yml").write_text(json.dumps([play]))
        with real_hub(folder / "hub", proxy, offers=offers, config=CLOCK) as hub:
            yield Refusing(hub, hosts)


def _set_up(hosts: Mapping[str, SshHost], state: Path, folder: Path) -> list[dict[str, Any]]:
    """Have each host be as it is called; returns the provider's settings."""
    ca, key = ca_of(state), folder / "key"
    subprocess.run(["ssh-keygen", "-qt", "ed25519", "-N", "", "-f", key], check=True, timeout=10)
    known = {room: pool([host], sessions=1, labels={"is": room})[0] for room, host in hosts.items()}
    for host in hosts.values():
        prepare(host, "ann", ca=ca)
    for room in ("down", "good"):
        known[room]["labels"]["pair"] = "yes"
    hosts["good"].account("bob")
    for room in ("good", "bare"):
        hosts[room].account(ADMINISTRATOR, sudo=True)
    hosts["changed"].change_host_key()
    del known["unknown"]["host_key"]
    for room in ("foreign", "keyed"):
        hosts[room].trust_user_ca(*ca_of(folder / "another"))
    for room in KEYED:
        known[room]["ssh_keyfile"] = str(key)
        _let_in_as_root(hosts[room], key.with_name("key.pub").read_text())
    _list_principals(hosts["listed"], "root")
    hosts["down"].stop_sshd()
    return list(known.values())


def _let_in_as_root(host: SshHost, key: str) -> None:
    host.run("sh", "-c", "umask 077; mkdir -p /root/.ssh; cat >/root/.ssh/authorized_keys", text=key)


def _list_principals(host: SshHost, *accounts: str) -> None:
    host.run("mkdir", "/etc/ssh/principals")
    for account in accounts:
        host.write(f"/etc/ssh/principals/{account}", f"{account}\n")
    host.stop_sshd()
    with (host.root / "etc/ssh/sshd_config").open("a") as config:
        config.write("AuthorizedPrincipalsFile /etc/ssh/principals/%u\n")
    host.start_sshd()


def _templates() -> list[dict[str, Any]]:
    rooms = [over_ssh(room, labels={"is": room}) for room in ROOMS]
    playbooks = [_configured(name, name) for name in ("harmless", "failing", "missing")]
    return [
        *rooms,
        *playbooks,
        _configured("bare-configured", "harmless", labels={"is": "bare"}),
        over_ssh("pair", labels={"pair": "yes"}),
    ]


def _configured(name: str, playbook: str, **more: Any) -> dict[str, Any]:
    """A template with a configurer, which works as another account than root."""
    options = {
        "host_variables": {"ansible_user": ADMINISTRATOR},
        "apply_kwargs": {"playbook_path": f"{playbook}.yml"},
    }
    return over_ssh(
        name, **{"labels": {"is": "good"}, "configurer": {"class": CONFIGURER, "options": options}, **more}
    )
