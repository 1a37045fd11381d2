"""A run's folder is its account's alone."""

import json
import stat

import pytest

from multiplespawner.ssh_spawner.on_host import folders


def test_a_folder_is_made_for_its_owner(tmp_path, monkeypatch):
    """Below the home, or where an absolute path says."""
    monkeypatch.setenv("HOME", str(tmp_path))
    for base in ("runs/deep", "~/runs", str(tmp_path / "elsewhere")):
        made = folders.make(base, "token")
        assert stat.S_IMODE((tmp_path / made).stat().st_mode) == 0o700
        assert made.startswith(str(tmp_path))
        assert made.endswith("/token")
        folders.remove(made)
        folders.remove(made)
        assert not (tmp_path / made).exists()


def test_what_others_can_change_is_refused(tmp_path):
    """They could put another folder in its place."""
    tmp_path.chmod(0o777)
    with pytest.raises(folders.Unusable) as caught:
        folders.make(str(tmp_path), "token")
    assert caught.value.code == "folder_unsafe"


def test_files_are_their_owners_and_whole(tmp_path):
    """0600, and what was there is replaced."""
    folders.write(str(tmp_path), "a.json", json.dumps({"a": 1}))
    folders.write(str(tmp_path), "a.json", json.dumps({"a": "größe"}))
    assert stat.S_IMODE((tmp_path / "a.json").stat().st_mode) == 0o600
    assert folders.read(str(tmp_path), "a.json") == {"a": "größe"}
    assert [each.name for each in tmp_path.iterdir()] == ["a.json"]
    (tmp_path / "a.json").write_text("{")
    assert folders.read(str(tmp_path), "a.json") == {}


def test_a_long_name_has_its_sockets_elsewhere(tmp_path):
    """The kernel takes 108 bytes; both folders go together."""
    folder = folders.make(str(tmp_path / ("x" * 90)), "token")
    sockets = folders.socket_folder(folder)
    assert len(sockets) < folders.LONGEST
    folders.write(folder, "run.json", json.dumps({"sockets": sockets, "groups": []}))
    folders.remove(folder)
    assert not (tmp_path / sockets).exists()


@pytest.mark.parametrize("error", [OSError("path too long"), OSError(28, "No space left on device")])
def test_what_the_system_says_is_told(tmp_path, error):
    """Some errors have a text alone."""
    with pytest.raises(folders.Unusable) as caught, folders.usable(str(tmp_path)):
        raise error
    assert caught.value.code == "folder_unusable"
    assert caught.value.why == f"{tmp_path}: {error.strerror or 'path too long'}"
