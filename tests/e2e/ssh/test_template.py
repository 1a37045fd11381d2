"""The user's own template, unchanged but for the provider's name, from a click to a kernel on a machine."""

import json
from importlib.metadata import version
from pathlib import Path

from e2e.hubs import RealHub
from e2e.kernels import Kernel
from e2e.over_ssh import ca_of, left_on, pool, reservations

TEMPLATES = Path(__file__).parents[2] / "unit/adapters/inbound/cli/examples/spawner_templates.json"
"""As given by who uses it."""

CONFIG = """
c.JupyterHub.tornado_settings = {"slow_spawn_timeout": 0}
c.MultipleSpawner.start_timeout = 300
c.Spawner.http_timeout = 90
"""


def installed(host, programs: Path) -> None:
    """Have JupyterHub where the playbook looks for it: no machine of a test reaches a package index."""
    host.run("mkdir", "-p", "/opt/multiplespawner")
    host.run("ln", "-s", str(programs.parent), f"/opt/multiplespawner/jupyterhub-{version('jupyterhub')}")


def told_of(hub, user: str) -> list[dict]:
    """All progress events of a start, until it is over."""
    path = f"users/{user}/server/progress"
    with hub.api("GET", path, params={"steps": 1}, stream=True) as answer:
        lines = (line.decode() for line in answer.iter_lines())
        return [json.loads(line.removeprefix("data: ")) for line in lines if line.startswith("data: ")]


def test_the_template_spawns(proxy, tmp_path, ssh_host, notebook_programs):
    """Host chosen, key verified, certificate issued, each task told, notebook started and reached.

    The second time the machine is set up already.
    """
    ssh_host.trust_user_ca(*ca_of(tmp_path / "ms"))
    ssh_host.account("opc", sudo=True)
    installed(ssh_host, notebook_programs)
    templates = json.loads(TEMPLATES.read_text().replace('"oci"', '"hosts"'))
    entry = {"name": "oracle_linux_7_8", "provider": "hosts", "image": "Oracle Linux 7.8"}
    settings = {"hosts": pool([ssh_host]), "user": "opc"}
    hub = RealHub(tmp_path, proxy, config=CONFIG)
    hub.offers(templates, {"virtual_machine": [{**entry, "provider_settings": settings}]})
    try:
        hub.start()
        hub.api("POST", "users/ann")
        assert hub.api("POST", "users/ann/server").status_code in (201, 202)
        events = told_of(hub, "ann")
        hub.wait("server", lambda: hub.ready("ann"))
        said = [event.get("message", "") for event in events]
        wanted = [
            f"Machine {ssh_host.name} is chosen",
            "The machine's key SHA256:",
            "Certificate ",
            "Setting up the machine: Look at the host",
            "Connected to",
            "Waiting until the notebook answers",
        ]
        places = [next((n for n, text in enumerate(said) if text.startswith(each)), -1) for each in wanted]
        assert places == sorted(places), said
        assert min(places) >= 0, said
        bar = [event["progress"] for event in events if "progress" in event]
        assert bar == sorted(bar)

        kernel = Kernel.begin(f"{hub.url}/user/ann", hub.token("ann"))
        assert kernel.run("import getpass, socket; getpass.getuser(), socket.gethostname()") == str(
            ("ann", ssh_host.run("hostname").strip())
        )
        hub.stop_server("ann")
        hub.wait("release", hub.nothing_is_held)
        assert reservations(hub) == 0
        assert hub.api("POST", "users/ann/server").status_code in (201, 202)
        again = told_of(hub, "ann")
        hub.wait("server", lambda: hub.ready("ann"))
        assert not [event for event in again if "Setting up the machine: " in event.get("message", "")]
        hub.stop_server("ann")
        hub.wait("release", hub.nothing_is_held)
        topics = [topic for _, topic in hub.facts()]
        assert topics.count("resource.configured") == 2
        assert topics.count("deployment.configurer_starting") == 1
    finally:
        hub.end()
    assert left_on(ssh_host).is_nothing
