"""The user's own template, unchanged but for the provider's name, from a click to a kernel on a machine."""

import json
import re
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import yaml

import multiplespawner
from e2e.hubs import RealHub
from e2e.kernels import Kernel
from e2e.over_ssh import ca_of, left_on, pool, reservations

TEMPLATES = Path(__file__).parents[2] / "unit/adapters/inbound/cli/examples/spawner_templates.json"
"""As given by who uses it."""

PLAYBOOKS = Path(multiplespawner.__file__).parent / "playbooks"

TASK = "Setting up the machine: "

STEPS = (
    "Your server is requested",
    "Ordering the machine",
    "Machine .* is chosen",
    "The machine is ready",
    "Making keys for the machine",
    "The machine's key SHA256:.* is verified",
    "Certificate .* is issued",
    "The keys are made",
    "Setting up the machine$",
    f"{TASK}Look at the host",
    f"{TASK}Have sshd read its settings",
    "The machine is set up",
    "Starting the notebook",
    "Connecting to the host",
    "Connected to .*; its host key was verified",
    "The notebook was started on",
    "The tunnels between the hub and the notebook are there",
    "The notebook can be reached",
    "The notebook is started",
    "Waiting until the notebook answers",
    "Server ready at /user/ann/",
)
"""How what is told begins, of all steps of the first start."""

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


def in_order(said: list[str], beginnings: tuple[str, ...]) -> list[str]:
    """Those of the beginnings that are not told after those before them."""
    rest = iter(said)
    return [each for each in beginnings if not any(re.match(each, text) for text in rest)]


def tasks_of(file: str) -> Iterator[str]:
    """Names of the tasks of a file of the playbook, and of those that it imports, in order."""
    for play in yaml.safe_load((PLAYBOOKS / file).read_text()):
        yield from _named(play.get("tasks", [play]))


def _named(tasks: list[dict]) -> Iterator[str]:
    for task in tasks:
        if imported := task.get("ansible.builtin.import_tasks"):
            yield from tasks_of(imported)
        elif "block" in task:
            # what is for when something fails is no task of this start
            yield from _named(task["block"])
        else:
            yield task["name"].replace("{{ multiplespawner_jupyterhub_version }}", version("jupyterhub"))


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
        assert in_order(said, STEPS) == [], said
        told = [text.removeprefix(TASK) for text in said if text.startswith(TASK)]
        tasks = list(tasks_of("setup_ssh_spawner.yml"))
        assert told == [f"{task} ({n} of {len(tasks)})" for n, task in enumerate(tasks, 1)]
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
