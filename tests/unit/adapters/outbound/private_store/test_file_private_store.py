"""Secrets lie in whole files that nobody else can read."""

import asyncio
import os
import stat
from pathlib import Path

import pytest

from multiplespawner.adapters.outbound.private_store.file_private_store import FilePrivateStore
from multiplespawner.application.ports.private_store import PrivateStoreUnavailable

CANARY = "canary-secret"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "state" / "private"


@pytest.fixture
def store(folder: Path) -> FilePrivateStore:
    return FilePrivateStore(folder)


def modes(folder: Path) -> set[tuple[bool, int]]:
    return {(path.is_dir(), stat.S_IMODE(path.stat().st_mode)) for path in (folder, *folder.rglob("*"))}


async def test_readable_by_nobody_else(store: FilePrivateStore, folder: Path) -> None:
    """Whatever the umask is and the folder was, folders are 0700 and files 0600."""
    folder.mkdir(mode=0o755, parents=True)
    umask = os.umask(0)
    try:
        await store.put("deployment/1/spawner", {"token": CANARY})
    finally:
        os.umask(umask)
    assert modes(folder) == {(True, 0o700), (False, 0o600)}


async def test_restart(store: FilePrivateStore, folder: Path) -> None:
    """Another process finds what was kept."""
    await store.put("a", [CANARY])
    assert await FilePrivateStore(folder).get("a") == [CANARY]


async def test_failed_write_changes_nothing(
    store: FilePrivateStore, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where writing fails the old document stays, and no half of the new one does."""
    await store.put("a", "old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("os.fsync", full)
        with pytest.raises(PrivateStoreUnavailable):
            await store.put("a", CANARY)
    assert await store.get("a") == "old"
    assert [path.name for path in folder.iterdir()] == ["a+json"]


async def test_leftovers_are_forgotten(store: FilePrivateStore, folder: Path) -> None:
    """What a killed process left half written is no document, and goes when its key is forgotten."""
    await store.put("d/1/spawner", "x")
    (folder / "d" / "1" / "spawner+json+new0011").write_text(CANARY)
    (folder / "d" / "1+json+new0011").write_text(CANARY)
    assert await store.keys() == ("d/1/spawner",)
    await store.forget("d/1")
    assert list((folder / "d").iterdir()) == []


async def test_damaged_document(store: FilePrivateStore, folder: Path) -> None:
    """A file that is no JSON is an error that does not quote it."""
    await store.put("a", "x")
    (folder / "a+json").write_text(f'{{"token": "{CANARY}"')
    with pytest.raises(PrivateStoreUnavailable) as error:
        await store.get("a")
    assert CANARY not in str(error.value)


async def test_cancelled_write_is_not_overtaken(store: FilePrivateStore) -> None:
    """A write whose caller was cancelled never lands on top of a later one."""
    for number in range(20):
        task = asyncio.create_task(store.put("a", "cancelled"))
        await asyncio.sleep(0)
        task.cancel()
        await store.put("a", number)
        assert await store.get("a") == number


async def test_links_are_not_followed_out(store: FilePrivateStore, folder: Path, tmp_path: Path) -> None:
    """Forgetting never removes what a link points to."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "precious").touch()
    await store.put("d/1/spawner", "x")
    (folder / "d" / "1" / "link").symlink_to(outside)
    await store.forget("d/1")
    assert (outside / "precious").exists()
