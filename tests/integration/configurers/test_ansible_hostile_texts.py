"""What users type is text for Ansible, and what the hub knows is none of its business."""

import asyncio
import json
import stat
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import attrs
import psutil
import pytest

from ansible_rig import Site, applied, arguments_of, command
from multiplespawner.application.ports.configurer import ConfigurationFailed, Work

HOSTILE = {
    "JUPYTERHUB_USER": "{{lookup('pipe','id')}}",
    "option.shell": "$(id)",
    "option.quote": "'; id",
    "option.path": "../../x",
    "option.ticks": '`id` "${HOME}" && id',
    "option.block": "{% for x in [1] %}x{% endfor %}",
    "option.lines": "one\ntwo: {{ 1 + 1 }}",
    "option.json": '"}, {"__ansible_unsafe": "x"',
    "option.again": "{JUPYTERHUB_USER}",
    "option.conditional": "{{ 7 * 7 }}",
}
CANARY = "canary-5f0e2c"


def variables() -> dict[str, object]:
    """Each name alone, within other text and deep in an object; and a template of the administrator."""
    alone = {name.removeprefix("option."): f"{{{name}}}" for name in HOSTILE}
    return {
        "texts": {**alone, "within": [{"deep": "<{JUPYTERHUB_USER}|{option.shell}>"}]},
        "sum": "{{ 1 + 1 }}",
    }


async def test_texts_of_users_are_literal_everywhere(site):
    """They arrive at the host as they were typed; only what the administrator wrote is a template."""
    path = "/tmp/texts.json"
    copy = {
        "name": "Write",
        "ansible.builtin.copy": {"dest": path, "content": "{{ [texts, sum] | to_json }}"},
    }
    shown = {"name": "Of {{ texts.JUPYTERHUB_USER }}", "ansible.builtin.debug": {"msg": "{{ texts }}"}}
    told = await applied(site.configurer(copy, shown, variables=variables()), site.work(**HOSTILE))
    texts, total = json.loads(site.host.run("cat", path))
    assert texts == {
        **{name.removeprefix("option."): text for name, text in HOSTILE.items()},
        "within": [{"deep": "<{{lookup('pipe','id')}}|$(id)>"}],
    }
    assert int(total) == 2
    assert "Of {{lookup('pipe','id')}}" in {each.task for each in told}


async def test_a_text_in_a_condition_is_not_evaluated(site):
    """A condition of the administrator compares it as it was typed."""
    check = {"name": "Compare", "ansible.builtin.assert": {"that": "text == '{' ~ '{ 7 * 7 }' ~ '}'"}}
    configurer = site.configurer(check, variables={"text": "{option.conditional}"})
    assert (await applied(configurer, site.work(**HOSTILE)))[-1].state == "ok"


@pytest.mark.parametrize("choice", ["../../x", "a/b", "..", "", "$(id)", "-x", "x\0y"])
async def test_a_choice_leads_to_no_other_playbook(site, choice):
    """What is filled into a path is a plain name."""
    (site.folder / "x.yml").write_text("[]")
    work = site.work(**{"option.system": choice})
    with pytest.raises(ConfigurationFailed) as failed:
        await applied(site.with_playbook("{option.system}.yml"), work)
    assert failed.value.code == "playbook_missing"
    assert not work.folder.exists()


async def test_a_plain_choice_finds_its_playbook(site):
    """That is what placeholders in paths are for."""
    site.write("debian-12.yml", [command("Look", "true")])
    work = site.work(**{"option.system": "debian-12"})
    assert (await applied(site.with_playbook("{option.system}.yml"), work))[-1].state == "changed"


async def test_nothing_of_users_or_of_the_hub_is_where_others_look(site, monkeypatch):
    """Not in arguments, environments, names of files or inventories; files are for us alone."""
    monkeypatch.setenv("JUPYTERHUB_CRYPT_KEY", CANARY)
    secret = {"db_password": f"password-{CANARY}"}
    sleep = command("Sleep", "sleep", "86396.5")
    configurer = site.configurer(sleep, variables={**variables(), **secret})
    async with running(configurer, site, "86396.5") as work:
        seen = [*arguments_and_environments(), *(str(file) for file in work.folder.rglob("*"))]
        seen.append((work.folder / "inventory/hosts").read_text())
        assert any("ansible-playbook" in text for text in seen)
        for text in (*HOSTILE.values(), CANARY):
            assert not [each for each in seen if text in each]
        artifacts = [file for file in (work.folder / "artifacts").rglob("*") if file.is_file()]
        assert artifacts
        assert not [file for file in artifacts if CANARY in file.read_text(errors="replace")]
        assert stat.S_IMODE(work.folder.stat().st_mode) == 0o700
        for file in ("env/extravars", "inventory/host_vars/resource.json"):
            assert stat.S_IMODE((work.folder / file).stat().st_mode) == 0o600


async def test_the_environment_is_a_short_list(site, monkeypatch):
    """A variable of the hub, whatever its name, is not handed on."""
    for name in ("ANSIBLE_HOST_KEY_CHECKING", "SSH_AUTH_SOCK", "PYTHONPATH", "ANSIBLE_SSH_COMMON_ARGS"):
        monkeypatch.setenv(name, CANARY)
    async with running(site.configurer(command("Sleep", "sleep", "86395.5")), site, "86395.5"):
        environments = [environment for environment in arguments_and_environments() if "\0" in environment]
        assert environments
        assert not [each for each in environments if CANARY in each]


async def test_variables_do_not_loosen_the_way_in(site):
    """A template that turns host key checking off doesn't."""
    loose = {
        "ansible_host_key_checking": False,
        "ansible_ssh_common_args": "-o StrictHostKeyChecking=no",
        "ansible_ssh_args": "-o StrictHostKeyChecking=no",
        "ansible_connection": "local",
        "ansible_host": "192.0.2.1",
    }
    hostname = {"name": "Name", "ansible.builtin.command": "hostname", "register": "said"}
    check = {"name": "Check", "ansible.builtin.assert": {"that": f"said.stdout == '{site.host.name}'"}}
    configurer = site.configurer(hostname, check, variables=loose)
    assert (await applied(configurer, site.work()))[-1].state == "ok"
    (site.folder / "known_hosts").write_text("")
    work = site.work()
    with pytest.raises(ConfigurationFailed) as failed:
        await applied(configurer, work)
    assert failed.value.code == "host_unreachable"


@pytest.mark.parametrize("address", ["-oProxyCommand=id", "$(id)", "a b", ""])
async def test_an_address_is_no_option(site, address):
    """What a provider says is checked before OpenSSH sees it."""
    work = site.work()
    work = attrs.evolve(work, access=attrs.evolve(work.access, address=address))
    with pytest.raises(ConfigurationFailed) as failed:
        await applied(site.configurer(command("Look", "true")), work)
    assert failed.value.code == "host_unreachable"


@asynccontextmanager
async def running(configurer, site: Site, mark: str) -> AsyncIterator[Work]:
    """A run that has come to its sleep, until it is cancelled at the end."""
    work = site.work(**HOSTILE)
    task = asyncio.ensure_future(applied(configurer, work))
    try:
        async with asyncio.timeout(60):
            while not site.runs(mark):
                assert not task.done(), task.exception()
                await asyncio.sleep(0.05)
        yield work
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def arguments_and_environments() -> Iterator[str]:
    """Of all that Ansible runs here, as the kernel tells them."""
    for process in psutil.Process().children(recursive=True):
        line = " ".join(arguments_of(process))
        if any(program in line for program in ("ansible", "supervisor.py", "ssh ", "ssh:")):
            yield line
            yield Path(f"/proc/{process.pid}/environ").read_bytes().decode(errors="replace")
