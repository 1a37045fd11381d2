"""Playbooks are found where templates mean them, and nowhere else."""

from pathlib import Path

import pytest

from multiplespawner.adapters.outbound.configurers.playbook_files import PACKAGE, in_path, playbook
from multiplespawner.application.ports.configurer import ConfigurationFailed


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
