"""A real notebook on a host, through all that can happen to the hub, the host and what lies between."""

import contextlib
import os
import time

import pytest
import requests

from e2e.hubs import LIMIT, RealHub
from e2e.kernels import Kernel
from e2e.over_ssh import SPAWNER, ca_of, left_on, over_ssh, pool, prepare, reservations

PLAIN_SERVER = {"JUPYTERHUB_SINGLEUSER_APP": "jupyter_server.serverapp.ServerApp"}
"""Without the interface for people, which nobody looks at here."""

KWARGS = {"remote_hosts": ["{endpoint}"], "environment": PLAIN_SERVER, "keepalive": 5, "reconnect_longest": 2}
REAL = {"spawner": {"class": SPAWNER, "kwargs": KWARGS}, "start_timeout": 90, "http_timeout": 90}

MEGABYTES = 100


@pytest.fixture
def hub(proxy, tmp_path, ssh_hosts, notebook_programs):
    """A hub with two hosts, an offer for each by its label; both hosts have a real notebook's program."""
    for host in ssh_hosts:
        prepare(host, "ann", "bob", ca=ca_of(tmp_path / "ms"))
        host.install(notebook_programs)
    entries = [
        {"name": host.name, "labels": {"which": host.name}, "hosts": settings}
        for settings in [[{**one, "labels": {"which": one["name"]}} for one in pool(ssh_hosts, sessions=4)]]
        for host in ssh_hosts
    ]
    hub = RealHub(tmp_path, proxy, config="c.MultipleSpawner.poll_interval = 2\n")
    hub.offers([over_ssh(**REAL)], {"bare_metal": entries})
    try:
        hub.start()
        yield hub
    finally:
        hub.end()


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
    """Kernels keep their variables over restarts, lost connections of 20 s and 3 min, and without sshd."""
    near, far = ssh_hosts
    other = begin(hub, "bob", far)
    far.cut()
    cut_at = time.monotonic()

    kernel = begin(hub, "ann", near)
    up, down = upload_and_download(kernel)
    record_property("seconds for 100 MB up and down", (round(up, 1), round(down, 1)))
    for end in (hub.stop, hub.kill):
        end()
        hub.start()
        hub.wait("server", lambda: hub.ready("ann"))
        hub.wait("kernel", lambda: knows(kernel))

    near.cut()
    short = time.monotonic() + 20
    hub.wait("20 s", lambda: time.monotonic() > short)
    assert hub.ready("ann")
    near.mend()
    hub.wait("kernel", lambda: knows(kernel))

    near.stop_sshd()
    near.drop_connections()
    hub.wait("loss", lambda: not knows(kernel))
    asked = time.monotonic() + 5
    hub.wait("some polls", lambda: time.monotonic() > asked)
    assert hub.ready("ann")
    near.start_sshd()
    hub.wait("kernel", lambda: knows(kernel))

    hub.wait("3 min", lambda: time.monotonic() > cut_at + 180, limit=200)
    # the hub was restarted meanwhile, and its check of this server still waits for the host
    assert "" in hub.api("GET", "users/bob").json()["servers"]
    far.mend()
    hub.wait("server", lambda: hub.ready("bob"))
    hub.wait("kernel", lambda: knows(other))
    for user in ("ann", "bob"):
        hub.stop_server(user)
    hub.wait("release", hub.nothing_is_held)
    assert reservations(hub) == 0
    assert left_on(near).is_nothing
    assert left_on(far).is_nothing
    assert hub.starts == 2


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
