"""Playbooks are found where templates mean them, and nowhere else."""

from pathlib import Path

import pytest

from multiplespawner.adapters.outbound.config.provider_settings import structured
from multiplespawner.adapters.outbound.configurers.ansible_settings import AnsibleSettings
from multiplespawner.adapters.outbound.configurers.playbook_files import (
    PACKAGE,
    files_of,
    in_path,
)
from multiplespawner.application.ports.configurer import ConfigurationFailed


def playbook(named, names, folders):
    """Where the only playbook lies that settings name."""
    said = structured({"options": {"apply_kwargs": {"playbook_path": named}}}, AnsibleSettings)
    (found,) = files_of(said, folders, names).playbooks
    return found


def test_the_first_folder_that_has_it_counts(tmp_path):
    """Folders are asked in their order, and an absolute path is itself."""
    one, two = tmp_path / "one", tmp_path / "two"
    for folder in (one, two):
        folder.mkdir()
    (two / "play.yml").touch()
    assert playbook("play.yml", {}, (one, two)) == two / "play.yml"
    (one / "play.yml").touch()
    assert playbook("play.yml", {}, (one, two)) == one / "play.yml"
    assert playbook(str(two / "play.yml"), {}, (one,)) == two / "play.yml"


def test_the_one_that_ships_is_found():
    """In the package."""
    assert playbook("setup_ssh_spawner.yml", {}, (Path("/nowhere"), PACKAGE)).is_file()


def test_what_is_missing_is_named():
    """By the last part of its path only: users need not know the rest."""
    with pytest.raises(ConfigurationFailed) as failed:
        playbook("/srv/secret place/absent.yml", {}, ())
    assert failed.value.code == "playbook_missing"
    assert "absent.yml" in failed.value.message
    assert "secret place" not in failed.value.message


@pytest.mark.parametrize(
    "choice", ["..", ".", "", "a/b", "/etc", "a\0", "a\n", ".hidden", "{option.x}", "$(id)"]
)
def test_what_leads_elsewhere_is_refused(choice):
    """A choice may be a part of a path."""
    with pytest.raises(ConfigurationFailed):
        in_path("systems/{option.x}.yml", {"option.x": choice})
    assert in_path("systems/{option.x}.yml", {"option.x": "debian-12.1"}) == "systems/debian-12.1.yml"


SAID = {
    "options": {"inventory_path": "hosts-{option.x}", "apply_kwargs": {"playbook_path": "play.yml"}},
    "roles_path": ["own/roles"],
    "collections_path": ["/srv/collections"],
}


def test_all_that_is_named_is_looked_for_in_the_same_folders(tmp_path):
    """An inventory may be a folder, too."""
    for folder in ("hosts-1", "own/roles", "collections"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "play.yml").touch()
    said = {**SAID, "collections_path": [str(tmp_path / "collections")]}
    files = files_of(structured(said, AnsibleSettings), [tmp_path], {"option.x": "1"})
    assert files.playbooks == (tmp_path / "play.yml",)
    assert files.inventory == tmp_path / "hosts-1"
    assert (files.roles, files.collections) == ((tmp_path / "own/roles",), (tmp_path / "collections",))


@pytest.mark.parametrize("named", ["play.yml", "hosts-1", "own/roles", "/srv/collections"])
def test_each_that_is_missing_is_told(tmp_path, named):
    """In place of what Ansible does, which goes on without."""
    for folder in {"hosts-1", "own/roles"} - {named}:
        (tmp_path / folder).mkdir(parents=True)
    if named != "play.yml":
        (tmp_path / "play.yml").touch()
    with pytest.raises(ConfigurationFailed) as failed:
        files_of(structured(SAID, AnsibleSettings), [tmp_path], {"option.x": "1"})
    assert failed.value.code == "playbook_missing"
    assert Path(named).name.removesuffix("1") in failed.value.message


def test_what_a_choice_decides_is_not_looked_for_before(tmp_path):
    """All else is."""
    said = structured({"options": SAID["options"]}, AnsibleSettings)
    with pytest.raises(ConfigurationFailed):
        files_of(said, [tmp_path])
    (tmp_path / "play.yml").touch()
    assert files_of(said, [tmp_path]).inventory is None
