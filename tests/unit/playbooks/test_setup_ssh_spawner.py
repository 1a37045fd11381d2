"""The playbook that ships is read by Ansible, uses what ansible-core has, and chooses by distribution."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jinja2
import pytest
import yaml

PLAYBOOKS = Path(__file__).parents[3] / "src" / "playbooks"
PARTS = sorted(PLAYBOOKS.rglob("*.yml"))
KEYWORDS = {
    "name",
    "when",
    "loop",
    "register",
    "vars",
    "block",
    "rescue",
    "become",
    "changed_when",
    "failed_when",
}


def tasks(
    items: list[dict[str, Any]], when: tuple[str, ...] = ()
) -> Iterator[tuple[dict[str, Any], list[str]]]:
    """Every task, with its conditions and those of the blocks around it."""
    for item in items:
        said = item.get("when", [])
        conditions = [*when, *(said if isinstance(said, list) else [said])]
        inner = [*item.get("block", []), *item.get("rescue", []), *item.get("tasks", [])]
        if inner:
            yield from tasks(inner, tuple(conditions))
        else:
            yield item, conditions


def everything() -> Iterator[tuple[dict[str, Any], list[str]]]:
    """Of all files."""
    for part in PARTS:
        yield from tasks(yaml.safe_load(part.read_text()))


def done_by(module: str, **known: Any) -> bool:
    """Whether the task with a module is done, by its conditions."""
    environment = jinja2.Environment(autoescape=False)
    (conditions,) = (conditions for task, conditions in everything() if module in task)
    return all(bool(environment.compile_expression(each)(**known)) for each in conditions)


def asked(family: str, *, there: int = 1, python: int = 1) -> dict[str, Any]:
    """What is known of a host: whether JupyterHub is there, and a Python for it (0: yes)."""
    return {
        "ansible_facts": {"os_family": family},
        "there": {"rc": there},
        "looked": {"results": [{"rc": 1}, {"rc": python}]},
    }


@pytest.mark.parametrize(("family", "apt", "dnf"), [("Debian", True, False), ("RedHat", False, True)])
def test_python_comes_from_the_distribution(family, apt, dnf):
    """By its own program, where it is missing."""
    assert done_by("ansible.builtin.apt", **asked(family)) is apt
    assert done_by("ansible.builtin.dnf", **asked(family)) is dnf


@pytest.mark.parametrize("family", ["Debian", "RedHat"])
@pytest.mark.parametrize("missing", [{"there": 0}, {"python": 0}])
def test_nothing_is_installed_where_it_is_there(family, missing):
    """Neither where JupyterHub is there, nor where a Python for it is."""
    for module in ("ansible.builtin.apt", "ansible.builtin.dnf"):
        assert not done_by(module, **asked(family, **missing))


@pytest.mark.parametrize("uid", [1000, 60000, 60513, 61183, 65520, 65533, 65536, 200000, 245801107])
def test_people_may_have_notebooks(uid):
    """Those of the machine, and those of a directory."""
    assert is_a_person(uid)


@pytest.mark.parametrize("uid", [0, 1, 999, 61184, 65519, 65534, 65535])
def test_the_system_has_no_notebook(uid):
    """Nor what systemd makes up for a service, nor nobody."""
    assert not is_a_person(uid)


def is_a_person(uid: int) -> bool:
    """Whether an account with this number is taken."""
    environment = jinja2.Environment(autoescape=False)
    (said,) = (
        task for task, _ in everything() if task.get("name") == "See that it is no account of the system"
    )
    known = {"notebook_account": "ann", "found": ["x", str(uid)], "uid_min": "1000"}
    conditions = said["ansible.builtin.assert"]["that"]
    return all(bool(environment.compile_expression(each)(**known)) for each in conditions)


@pytest.mark.parametrize(("family", "unit"), [("Debian", "ssh"), ("RedHat", "sshd")])
def test_the_service_is_called_as_the_distribution_calls_it(family, unit):
    """It is the same program."""
    (task,) = (task for task, _ in everything() if "ansible.builtin.systemd_service" in task)
    name = task["ansible.builtin.systemd_service"]["name"]
    environment = jinja2.Environment(autoescape=False)
    assert environment.from_string(name).render(ansible_facts={"os_family": family}) == unit


def test_only_modules_of_ansible_core_are_used():
    """It has no collections."""
    for task, _ in everything():
        modules = [key for key in task if key not in KEYWORDS]
        assert len(modules) == 1
        assert modules[0].startswith("ansible.builtin."), task


def test_every_task_says_what_it_does():
    """Its name is what users read while they wait."""
    for task, _ in everything():
        if "ansible.builtin.import_tasks" not in task:
            assert re.fullmatch(r"[A-Z].{5,90}", task["name"]), task


def test_ansible_reads_it(tmp_path):
    """All of it, with the parts for EL."""
    command = [Path(sys.executable).parent / "ansible-playbook", "--syntax-check", "-i", "localhost,"]
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "LC_ALL": "C.UTF-8"}
    subprocess.run([*command, PLAYBOOKS / "setup_ssh_spawner.yml"], check=True, env=environment, timeout=60)
