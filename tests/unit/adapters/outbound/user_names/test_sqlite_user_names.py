"""Names can be erased, and are read by nobody else."""

import stat
from pathlib import Path

import pytest

from multiplespawner.adapters.outbound.user_names.sqlite_user_names import SqliteUserNames
from multiplespawner.application.ports.user_names import UserNamesUnavailable


async def test_erased_is_gone_from_the_disk(tmp_path: Path) -> None:
    """An erased name can't be found in the file any more."""
    path = tmp_path / "names.sqlite"
    names = SqliteUserNames(path)
    for number in range(50):
        await names.remember("hub", number, "ada.lovelace@example.org" if number % 2 else f"user{number}")
    assert b"ada.lovelace" in path.read_bytes()
    assert await names.forget("ada.lovelace@example.org") == 25
    assert b"ada.lovelace" not in path.read_bytes()
    assert b"user2" in path.read_bytes()
    assert [file.name for file in tmp_path.iterdir()] == ["names.sqlite"]


async def test_readable_by_nobody_else(tmp_path: Path) -> None:
    """The file is ours alone."""
    await SqliteUserNames(tmp_path / "names.sqlite").remember("hub", 1, "ada")
    assert stat.S_IMODE((tmp_path / "names.sqlite").stat().st_mode) == 0o600


async def test_unavailable(tmp_path: Path) -> None:
    """A file that is no database is the port's error, not SQLite's."""
    (tmp_path / "names.sqlite").write_bytes(b"not a database" * 100)
    with pytest.raises(UserNamesUnavailable):
        await SqliteUserNames(tmp_path / "names.sqlite").name("hub", 1)


async def test_without_a_file_there_are_no_names(tmp_path: Path) -> None:
    """And looking for them makes none."""
    names = SqliteUserNames(tmp_path / "state" / "names.sqlite")
    assert await names.find("ada") == ()
    assert await names.name("hub", 1) is None
    assert list(tmp_path.iterdir()) == []


async def test_where_a_folder_is_no_text(tmp_path: Path) -> None:
    """The names of files are bytes, of which not all are UTF-8."""
    names = SqliteUserNames(tmp_path / "\udcff?#%" / "names.sqlite")
    await names.remember("hub", 1, "ada")
    assert await names.find("ada") == (("hub", 1),)


async def test_reading_writes_nothing(tmp_path: Path) -> None:
    """Names are found in a file and a folder that can only be read, and both stay as they were."""
    path = tmp_path / "state" / "names.sqlite"
    names = SqliteUserNames(path)
    await names.remember("hub", 1, "ada")
    path.chmod(0o400)
    path.parent.chmod(0o500)
    before = path.stat()
    assert await names.find("ada") == (("hub", 1),)
    assert await names.name("hub", 1) == "ada"
    assert path.stat().st_mtime_ns == before.st_mtime_ns
    assert [file.name for file in path.parent.iterdir()] == ["names.sqlite"]
    path.parent.chmod(0o700)


async def test_a_file_that_was_only_just_made_has_no_names(tmp_path: Path) -> None:
    """Another process may be between making the file and making its table."""
    (tmp_path / "names.sqlite").touch()
    assert await SqliteUserNames(tmp_path / "names.sqlite").find("ada") == ()
