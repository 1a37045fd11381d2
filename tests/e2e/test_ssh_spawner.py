"""A real hub whose spawner starts notebooks on hosts over SSH, without anything of ours beside it."""

import shutil
import subprocess
from contextlib import suppress

import psutil
import pytest
import requests

from e2e.hubs import LIMIT, RealHub
from e2e.kernels import Kernel
from ssh_notebooks import COMMAND, key_for, left_on
from ssh_rig.notebooks import programs

CONFIG = """
c.JupyterHub.spawner_class = "multiplespawner.ssh_spawner.SSHSpawner"
c.SSHSpawner.remote_hosts = ["{address}"]
c.SSHSpawner.ssh_keyfile = "{folder}/{{username}}.key"
c.SSHSpawner.ssh_known_hosts = "{folder}/known_hosts"
c.SSHSpawner.cmd = {command}
c.SSHSpawner.path = "{path}"
c.SSHSpawner.environment = {{"ODD": "'; $(id) \\n\\"", "CANARY": "canary-0123456789abcdef"}}
c.SSHSpawner.keepalive = 1
c.SSHSpawner.reconnect_longest = 1
c.SSHSpawner.stop_patience = 5
c.SSHSpawner.poll_interval = 1
c.Spawner.http_timeout = 60
c.ResourceUseDisplay = None
"""
TLS = """
from pathlib import Path
c.JupyterHub.internal_ssl = True
c.JupyterHub.internal_certs_location = str(Path("certificates").absolute())
c.JupyterHub.hub_bind_url = f"https://127.0.0.1:{port + 2}"
c.ConfigurableHTTPProxy.api_url = f"https://127.0.0.1:{port + 1}"
"""


@pytest.fixture
def hub_for(ssh_host, tmp_path, proxy):
    """Makes a hub whose users have accounts on the host; nothing of it runs afterwards."""
    made = []

    def make(*users, more="", command=COMMAND, path="/usr/local/bin:/usr/bin:/bin"):
        for user in users:
            key_for(ssh_host, user, tmp_path)
        config = CONFIG.format(address=ssh_host.address, folder=tmp_path, command=command, path=path)
        hub = RealHub(tmp_path, proxy, config=config.replace("c.ResourceUseDisplay = None\n", "") + more)
        made.append(hub)
        hub.start()
        return hub

    yield make
    for hub in made:
        hub.end()


def answered(hub) -> int | None:
    """Number of ada's notebook; None where the proxy can't reach it."""
    answer = requests.get(f"{hub.url}/user/ada/", timeout=LIMIT)
    return answer.json()["pid"] if answer.ok else None


def test_a_notebook_outlives_the_hub_and_the_connection(ssh_host, hub_for):
    """Started, asked, restarted around and stopped through the hub's API; nothing is left."""
    hub = hub_for("ada")
    told = hub.launch("ada")
    assert told["env"]["ODD"] == "'; $(id) \n\""
    hub.kill()
    hub.start()
    hub.wait("server", lambda: hub.ready("ada"))
    assert hub.told("ada")["pid"] == told["pid"]
    ssh_host.drop_connections()
    hub.wait("notebook", lambda: answered(hub) == told["pid"])
    hub.stop_server("ada")
    assert left_on(ssh_host, "ada") == []


def test_a_hub_that_is_killed_while_starting_leaves_nothing(ssh_host, hub_for):
    """What nobody asked to keep is undone by the host."""
    hub = hub_for("ada", command=["/usr/bin/sleep", "1000"])
    hub.api("POST", "users/ada")
    assert hub.api("POST", "users/ada/server").status_code in (201, 202)
    hub.wait("notebook", lambda: "/usr/bin/sleep 1000" in left_on(ssh_host, "ada"))
    hub.kill()
    hub.wait("nothing left", lambda: left_on(ssh_host, "ada") == [])
    hub.start()
    hub.wait("no server", lambda: not hub.api("GET", "users/ada").json()["servers"])


def test_a_hub_that_starts_while_the_host_is_away_does_not_give_up(ssh_host, hub_for):
    """The notebook is there again once its host is."""
    hub = hub_for("ada")
    pid = hub.launch("ada")["pid"]
    hub.kill()
    ssh_host.stop_sshd()
    hub.start()
    hub.wait("check", lambda: "can't be reached" in hub.log)
    ssh_host.start_sshd()
    hub.wait("server", lambda: hub.ready("ada"))
    # the hub calls it ready a moment before its proxy knows the way, and shows a page of its own until then
    hub.wait("way", lambda: _pid(hub) == pid)
    hub.stop_server("ada")
    assert left_on(ssh_host, "ada") == []


def test_a_refusal_is_shown(ssh_host, hub_for):
    """The user reads what is wrong; the hub's log has no traceback for it."""
    hub = hub_for("ada", command=["no-such-program"])
    hub.api("POST", "users/ada")
    hub.api("POST", "users/ada/server")
    hub.wait("failure", lambda: "does not have the notebook's program" in hub.log)
    progress = hub.api("GET", "users/ada/server/progress", stream=True).text
    assert "does not have the notebook" in progress
    assert left_on(ssh_host, "ada") == []


def test_hub_proxy_and_notebook_trust_only_each_other(ssh_host, hub_for):
    """Internal TLS: the certificates go to the host with the start, into its folder."""
    hub = hub_for("ada", more=TLS)
    told = hub.launch("ada")
    environment = told["env"]
    folder = environment["JUPYTERHUB_SSH_RUN"]
    assert environment["JUPYTERHUB_SSL_KEYFILE"].startswith(folder)
    assert environment["JUPYTERHUB_API_URL"].startswith("https://127.0.0.1:")
    assert (ssh_host.root / environment["JUPYTERHUB_SSL_KEYFILE"][1:]).stat().st_mode & 0o777 == 0o600
    hub_heard = f"""
import ssl, urllib.request as r
c = ssl.create_default_context(cafile="{environment["JUPYTERHUB_SSL_CLIENT_CA"]}")
c.load_cert_chain("{environment["JUPYTERHUB_SSL_CERTFILE"]}", "{environment["JUPYTERHUB_SSL_KEYFILE"]}")
print(r.urlopen("{environment["JUPYTERHUB_API_URL"]}/", context=c, timeout=20).read().decode())
"""
    assert "version" in ssh_host.run("python3", "-", text=hub_heard)
    hub.kill()
    hub.start()
    hub.wait("server", lambda: hub.ready("ada"))
    assert hub.told("ada")["pid"] == told["pid"]
    hub.stop_server("ada")
    assert left_on(ssh_host, "ada") == []


def test_a_secret_is_nowhere(ssh_host, hub_for, tmp_path):
    """Neither in the hub's log and state nor in command lines; on the host only in memory."""
    hub = hub_for("ada")
    token = hub.launch("ada")["env"]["JUPYTERHUB_API_TOKEN"]
    for secret in (token, "canary-0123456789abcdef"):
        assert secret not in hub.log
        assert secret not in hub.api("GET", "users/ada?include_stopped_servers").text
        assert secret.encode() not in (tmp_path / "jupyterhub.sqlite").read_bytes()
        lines = [" ".join(each.info["cmdline"] or []) for each in psutil.process_iter(["cmdline"])]
        assert [line for line in lines if secret in line] == []
        grep = f"grep -rl {secret} /tmp /home /var/tmp /var/log /run 2>/dev/null; true"
        assert ssh_host.run("sh", "-c", grep) == ""
    hub.stop_server("ada")


@pytest.fixture(scope="session")
def singleuser(ssh_possible, unavailable):
    """Folder with jupyterhub-singleuser."""
    try:
        return programs()
    except (subprocess.SubprocessError, OSError) as error:
        unavailable(f"jupyterhub-singleuser can't be installed: {error}")


def test_a_kernel_keeps_its_variables_and_files_come_and_go(ssh_host, hub_for, singleuser):
    """Through the tunnel a cell runs, 100 MB go up and down, and a restart of the hub changes nothing."""
    hub = hub_for("ada", command=["jupyterhub-singleuser"], path=f"{singleuser}:/usr/bin:/bin")
    hub.api("POST", "users/ada")
    assert hub.api("POST", "users/ada/server").status_code in (201, 202)
    hub.wait("server", lambda: hub.ready("ada"))
    token, server = hub.token("ada"), f"{hub.url}/user/ada"
    kernel = Kernel.begin(server, token)
    assert kernel.run("x = 6 * 7; x") == "42"
    hub.kill()
    hub.start()
    hub.wait("server", lambda: hub.ready("ada"))
    assert kernel.run("x") == "42"
    assert kernel.run("import os; os.getcwd()") == "'/home/ada'"
    headers, text = {"Authorization": f"token {token}"}, "x" * 100_000_000
    body = {"type": "file", "format": "text", "content": text}
    sent = requests.put(f"{server}/api/contents/big.txt", json=body, headers=headers, timeout=LIMIT)
    assert sent.status_code == 201, sent.text[:300]
    back = requests.get(f"{server}/files/big.txt", headers=headers, timeout=LIMIT)
    assert back.text == text
    hub.stop_server("ada")
    shutil.rmtree(ssh_host.files_of("ada") / ".local", ignore_errors=True)
    assert left_on(ssh_host, "ada") == []


def _pid(hub):
    """Its notebook's, as it tells itself; None while something else answers."""
    with suppress(requests.JSONDecodeError):
        return hub.told("ada")["pid"]
    return None
