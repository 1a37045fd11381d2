"""The settings of the Ansible configurer take what templates say, old ones included."""

import json
from pathlib import Path

import attrs
import pytest
from cattrs import ClassValidationError

from multiplespawner.adapters.outbound.config.provider_settings import structured
from multiplespawner.adapters.outbound.configurers.ansible_configurer import AnsibleConfigurer
from multiplespawner.adapters.outbound.configurers.ansible_settings import AnsibleSettings, ApplyKwargs

OLD = {
    "options": {
        "host_variables": {
            "ansible_user": "opc",
            "ansible_become": "yes",
            "new_username": "{JUPYTERHUB_USER}",
        },
        "host_settings": {"group": "compute", "port": "22"},
        "apply_kwargs": {"playbook_path": "setup_ssh_spawner.yml"},
    }
}


def settings(**options) -> AnsibleSettings:
    """As a template says them."""
    return structured({"options": options}, AnsibleSettings)


def test_an_older_template_is_taken_as_it_is():
    """With its texts for numbers."""
    taken = structured(OLD, AnsibleSettings)
    assert taken.options.host_settings.port == 22
    assert taken.options.apply_kwargs.all() == ("setup_ssh_spawner.yml",)
    assert taken.options.host_variables == OLD["options"]["host_variables"]


def test_one_playbook_and_several_are_taken_together():
    """The one comes first."""
    assert ApplyKwargs("a.yml", ("b.yml", "c.yml")).all() == ("a.yml", "b.yml", "c.yml")
    assert ApplyKwargs().all() == ()


@pytest.mark.parametrize(
    "said",
    [
        {"options": {"host_settings": {"group": "{JUPYTERHUB_USER}"}}},
        {"options": {"host_settings": {"group": "a b"}}},
        {"options": {"host_settings": {"port": "0"}}},
        {"options": {"apply_kwargs": {"playbook_paths": [""]}}},
        {"options": {"apply_kwargs": {"playbok_path": "x.yml"}}},
        {"time_limit": 0},
        {"rerun": "perhaps"},
        {"unknown": 1},
    ],
)
def test_what_makes_no_sense_is_refused(said):
    """Before anything is set up with it."""
    with pytest.raises(ClassValidationError):
        structured(said, AnsibleSettings)


def test_own_keys_come_as_text_too():
    """As everywhere in templates."""
    taken = structured({"time_limit": "600", "rerun": "True"}, AnsibleSettings)
    assert (taken.time_limit, taken.rerun) == (600.0, True)


def test_variables_are_not_shown():
    """They may hold secrets."""
    assert "hunter2" not in repr(settings(host_variables={"db_password": "hunter2"}))


@pytest.mark.parametrize(
    ("variables", "account"),
    [
        ({"ansible_user": "opc"}, "opc"),
        ({}, None),
        ({"ansible_user": "{JUPYTERHUB_USER}"}, None),
        ({"ansible_user": 7}, None),
    ],
)
def test_the_account_that_configures_is_named_by_a_variable(variables, account, tmp_path):
    """Not where a user's name would be filled in."""
    assert AnsibleConfigurer(settings(host_variables=variables), tmp_path).account() == account


async def digest(said: AnsibleSettings, folder: Path, **names: str) -> str:
    """Digest of settings in a directory."""
    return await AnsibleConfigurer(said, folder).digest(names)


@pytest.fixture
def playbook(tmp_path: Path) -> Path:
    """A playbook."""
    file = tmp_path / "play.yml"
    file.write_text(json.dumps([{"hosts": "all", "tasks": []}]))
    return file


async def test_a_digest_changes_with_all_that_decides(playbook, tmp_path):
    """Names that are used, settings, and the playbook; not names that are not."""
    said = settings(host_variables={"a": "{option.a}"}, apply_kwargs={"playbook_path": "play.yml"})
    first = await digest(said, tmp_path, **{"option.a": "1"})
    assert await digest(said, tmp_path, **{"option.a": "1", "option.b": "2"}) == first
    assert await digest(said, tmp_path, **{"option.a": "2"}) != first
    assert await digest(attrs.evolve(said, time_limit=5), tmp_path, **{"option.a": "1"}) != first
    playbook.write_text("[]")
    assert await digest(said, tmp_path, **{"option.a": "1"}) != first


async def test_only_who_it_is_for_leaves_the_first_half_as_it_is(playbook, tmp_path):
    """One user's account undoes nobody else's; another choice, or another file, may."""
    variables = {"who": "{JUPYTERHUB_USER}", "version": "{option.v}"}
    said = settings(host_variables=variables, apply_kwargs={"playbook_path": "play.yml"})
    first = await digest(said, tmp_path, **{"JUPYTERHUB_USER": "ann", "option.v": "1"})
    other = await digest(said, tmp_path, **{"JUPYTERHUB_USER": "ben", "option.v": "1"})
    chosen = await digest(said, tmp_path, **{"JUPYTERHUB_USER": "ann", "option.v": "2"})
    assert (other[:32] == first[:32], other[32:] == first[32:]) == (True, False)
    assert chosen[:32] != first[:32]
    playbook.write_text("[]")
    changed = await digest(said, tmp_path, **{"JUPYTERHUB_USER": "ann", "option.v": "1"})
    assert changed[:32] != first[:32]


async def test_a_key_that_is_yet_to_be_made_was_never_applied(playbook, tmp_path):
    """It is another one each time."""
    variables = {"key": "{auth_key}"}
    said = settings(host_variables=variables, apply_kwargs={"playbook_path": "play.yml"})
    assert (await digest(said, tmp_path))[:32] != (await digest(said, tmp_path))[:32]


async def test_what_is_to_be_run_again_has_never_the_same_digest(playbook, tmp_path):
    """Nor has what can't be read."""
    again = structured(
        {"rerun": True, "options": {"apply_kwargs": {"playbook_path": "play.yml"}}}, AnsibleSettings
    )
    absent = settings(apply_kwargs={"playbook_path": "absent.yml"})
    for said in (again, absent):
        assert await digest(said, tmp_path) != await digest(said, tmp_path)


async def test_an_edit_of_the_inventory_is_another_recipe(playbook, tmp_path):
    """Its variables decide; one that is not there is never the same."""
    said = settings(apply_kwargs={"playbook_path": "play.yml"}, inventory_path="hosts.ini")
    assert await digest(said, tmp_path) != await digest(said, tmp_path)
    (tmp_path / "hosts.ini").write_text("[compute:vars]\ncolour=blue\n")
    first = await digest(said, tmp_path)
    assert await digest(said, tmp_path) == first
    (tmp_path / "hosts.ini").write_text("[compute:vars]\ncolour=red\n")
    assert (await digest(said, tmp_path))[:32] != first[:32]
