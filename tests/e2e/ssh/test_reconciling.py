"""A hub was killed and stays down: a reconciler keeps what runs on hosts and gives back the rest."""

import subprocess
import sys
from pathlib import Path

from e2e.hubs import real_hub
from e2e.over_ssh import ca_of, left_on, over_ssh, pool, prepare, reservations
from ssh_hosts import SshHost


def test_what_runs_is_kept_and_what_was_starting_is_given_back(proxy, tmp_path, ssh_host):
    """One place comes back while the hub is down; then the other notebook is reached anew."""
    prepare(ssh_host, "ann", "bob", ca=ca_of(tmp_path / "ms"))
    never = over_ssh("Never")
    never["spawner"]["kwargs"]["cmd"] = ["sleep", "600"]
    hosts = pool([ssh_host], sessions=2)
    offers = ([over_ssh(), never], {"bare_metal": [{"name": "any", "hosts": hosts}]})
    with real_hub(tmp_path, proxy, offers=offers) as hub:
        told = hub.launch("ann", offer="hosts/Machines/any")
        hub.api("POST", "users/bob")
        hub.api("POST", "users/bob/server", json={"offer": "hosts/Never/any"})
        hub.wait("the other program", lambda: _sleeps(ssh_host))
        hub.kill()
        done = _reconcile(tmp_path / "ms")
        assert "1 running, 0 unfinished" in done.stdout
        assert done.returncode == 0
        token = told["env"]["MULTIPLESPAWNER_RESOURCE"]
        assert reservations(hub) == 1
        assert {Path(file).name for file in left_on(ssh_host).files} == {token}
        assert not _sleeps(ssh_host)
        hub.start()
        hub.wait("the same notebook", lambda: hub.told("ann")["pid"] == told["pid"])
        hub.stop_server("ann")
        hub.wait("release", hub.nothing_is_held)
    assert left_on(ssh_host).is_nothing


def _sleeps(host: SshHost) -> bool:
    return any(line.endswith("sleep 600") for line in left_on(host).processes)


def _reconcile(directory: Path) -> "subprocess.CompletedProcess[str]":
    program = str(Path(sys.executable).with_name("multiplespawner"))
    command = [program, "reconcile", "--once", "--directory", str(directory)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
