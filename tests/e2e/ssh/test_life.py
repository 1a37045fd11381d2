"""A real notebook on a host, through all that can happen to the hub, the host and what lies between."""

import contextlib
import os
import time

import pytest
import requests
from attrs import define

from e2e.hubs import LIMIT, RealHub, real_hub
from e2e.kernels import Kernel
from e2e.over_ssh import SPAWNER, ca_of, left_on, over_ssh, pool, prepare, reservations
from ssh_hosts import SshHost
from ssh_hosts import ssh_hosts as ssh_hosts_of

PLAIN_SERVER = {"JUPYTERHUB_SINGLEUSER_APP": "jupyter_server.serverapp.ServerApp"}
"""Without the interface for people, which nobody looks at here."""

QUICK = {"keepalive": 5, "reconnect_longest": 2}
"""A pace at which a test need not wait long."""

MEGABYTES = 100

LONG = 180
"""Seconds of the longest cut."""


@contextlib.contextmanager
def hub_of(hosts, folder, proxy, programs, config="", **pace):
    """A hub with an offer for each host by its label; the hosts have a real notebook's program."""
    for host in hosts:
        prepare(host, "ann", "bob", ca=ca_of(folder / "ms"))
        host.install(programs)
    entries = [
        {"name": host.name, "labels": {"which": host.name}, "hosts": settings}
        for settings in [[{**one, "labels": {"which": one["name"]}} for one in pool(hosts, sessions=4)]]
        for host in hosts
    ]
    kwargs = {"remote_hosts": ["{endpoint}"], "environment": PLAIN_SERVER, **pace}
    real = {"spawner": {"class": SPAWNER, "kwargs": kwargs}, "start_timeout": 90, "http_timeout": 90}
    with real_hub(folder, proxy, offers=([over_ssh(**real)], {"bare_metal": entries}), config=config) as hub:
        yield hub


@pytest.fixture
def hub(proxy, tmp_path, ssh_hosts, notebook_programs):
    """A hub with two hosts."""
    config = "c.MultipleSpawner.poll_interval = 2\n"
    with hub_of(ssh_hosts, tmp_path, proxy, notebook_programs, config, **QUICK) as hub:
        yield hub


@define
class CutOff:
    """A server that was begun, and the host from which the hub was cut off then."""

    hub: RealHub
    host: SshHost
    kernel: Kernel
    since: float
    """Of the monotonic clock."""


@pytest.fixture(scope="module", autouse=True)
def cut_off(ssh_possible, proxy, notebook_programs, tmp_path_factory):
    """A hub of its own at the pace that all have who don't say another; it lasts while others are tested."""
    folder = tmp_path_factory.mktemp("cut_off")
    with (
        ssh_hosts_of(folder / "hosts") as hosts,
        hub_of(hosts, folder, proxy, notebook_programs) as hub,
    ):
        kernel = begin(hub, "bob", hosts[0])
        hosts[0].cut()
        yield CutOff(hub, hosts[0], kernel, time.monotonic())


def begin(hub, user, host) -> Kernel:
    """A server of a user on a host, and a kernel in it that has a variable."""
    hub.api("POST", f"users/{user}")
    answer = hub.api("POST", f"users/{user}/server", json={"offer": f"hosts/Machines/{host.name}"})
    assert answer.status_code in (201, 202), answer.text
    hub.wait("server", lambda: hub.ready(user))
    kernel = Kernel.begin(f"{hub.url}/user/{user}", hub.token(user))
    assert kernel.run("answer = 6*7; answer") == "42"
    return kernel


def knows(kernel) -> bool:
    """Whether the kernel is reached and still has its variable."""
    with contextlib.suppress(OSError, requests.RequestException, Exception):
        return kernel.run("answer") == "42"
    return False


def upload_and_download(kernel) -> tuple[float, float]:
    """Send much into the notebook's folder and get it back, the same; seconds of both."""
    headers = {"Authorization": f"token {kernel.token}"}
    sent = os.urandom(MEGABYTES * 500_000).hex()
    body = {"type": "file", "format": "text", "content": sent}
    began = time.monotonic()
    answer = requests.put(f"{kernel.server}/api/contents/much.txt", headers=headers, json=body, timeout=LIMIT)
    answer.raise_for_status()
    there = time.monotonic()
    got = requests.get(f"{kernel.server}/files/much.txt", headers=headers, timeout=LIMIT)
    assert got.text == sent
    return there - began, time.monotonic() - there


def test_a_notebook_outlives_all_that_is_no_end(hub: RealHub, ssh_hosts, record_property):
    """Kernels keep their variables over restarts, lost connections, both at once, and without sshd."""
    host = ssh_hosts[0]
    kernel = begin(hub, "ann", host)
    up, down = upload_and_download(kernel)
    record_property("seconds for 100 MB up and down", (round(up, 1), round(down, 1)))
    for end in (hub.stop, hub.kill):
        end()
        hub.start()
        hub.wait("server", lambda: hub.ready("ann"))
        hub.wait("kernel", lambda: knows(kernel))

    host.cut()
    wait_until(hub, time.monotonic() + 20)
    assert hub.ready("ann")
    host.mend()
    hub.wait("kernel", lambda: knows(kernel))

    host.cut()
    hub.kill()
    hub.start()
    wait_until(hub, time.monotonic() + 10)
    # its check of this server still waits for the host
    assert "" in hub.api("GET", "users/ann").json()["servers"]
    host.mend()
    hub.wait("server", lambda: hub.ready("ann"))
    hub.wait("kernel", lambda: knows(kernel))

    host.stop_sshd()
    host.drop_connections()
    hub.wait("loss", lambda: not knows(kernel))
    wait_until(hub, time.monotonic() + 5)
    assert hub.ready("ann")
    host.start_sshd()
    hub.wait("kernel", lambda: knows(kernel))

    end_all(hub, "ann")
    assert left_on(host).is_nothing
    assert hub.starts == 1


def test_what_ends_is_given_back(hub: RealHub, ssh_hosts):
    """A host that was rebooted, and one whose sshd was down when its notebook was to stop."""
    near, far = ssh_hosts
    begin(hub, "ann", near)
    near.reboot()
    hub.wait("end", lambda: "" not in hub.api("GET", "users/ann").json()["servers"])
    hub.wait("release", hub.nothing_is_held)
    assert left_on(near).is_nothing

    begin(hub, "bob", far)
    far.stop_sshd()
    far.drop_connections()
    assert hub.api("DELETE", "users/bob/server").status_code in (202, 204)
    refused = hub.wait("failed stop", lambda: hub.fact("deployment.spawner_stop_failed"))
    assert refused["code"]
    assert reservations(hub) == 1
    far.start_sshd()
    hub.wait("release", hub.nothing_is_held)
    assert reservations(hub) == 0
    assert left_on(far).is_nothing


def test_a_start_passes_over_a_host_that_is_down(hub: RealHub, ssh_hosts):
    """Whoever does not say which host gets one that is in order; and where none is, is told so."""
    near, far = ssh_hosts
    near.stop_sshd()
    hub.api("POST", "users/ann")
    answer = hub.api("POST", "users/ann/server", json={"offer": f"hosts/Machines/{near.name}"})
    assert answer.status_code == 400, answer.text
    assert answer.json()["reason"] == "no_machine_usable"
    begin(hub, "ann", far)
    hub.stop_server("ann")
    hub.wait("release", hub.nothing_is_held)


def test_one_hub_lives_through_three_minutes_without_its_host(cut_off: CutOff, record_property):
    """Nobody restarts anything: the server is there all the time, and then its kernel with its variable."""
    hub, begun = cut_off.hub, cut_off.hub.process
    wait_until(hub, cut_off.since + LONG)
    assert hub.ready("bob")
    cut_off.host.mend()
    mended = time.monotonic()
    hub.wait("kernel", lambda: knows(cut_off.kernel))
    record_property("seconds until the host was reached again", round(time.monotonic() - mended, 1))
    assert hub.process is begun
    end_all(hub, "bob")
    assert left_on(cut_off.host).is_nothing
    assert hub.starts == 1


def wait_until(hub, moment: float) -> None:
    """Let time pass while the hub lives."""
    hub.wait("the moment", lambda: time.monotonic() > moment, limit=LONG + 20)


def end_all(hub, user) -> None:
    """Stop the only server; nothing is held any more."""
    hub.stop_server(user)
    hub.wait("release", hub.nothing_is_held)
    assert reservations(hub) == 0
