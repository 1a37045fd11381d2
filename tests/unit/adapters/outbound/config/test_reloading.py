"""Edits of all sorts are seen, and nothing that a disk does harms whoever asks."""

import asyncio
import logging
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from multiplespawner.adapters.outbound.config import reloading
from multiplespawner.adapters.outbound.config.reloading import ReloadingConfigurations
from multiplespawner.application.ports.configuration import Configuration, Problem, Severity

PROBLEM = Problem(Severity.ERROR, "t.json", 1, (), "half of it", "all of it")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The file that is the configuration; `{…}` is sound."""
    found = tmp_path / "t.json"
    found.write_text("{one}")
    return found


@pytest.fixture
def settled_after(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Set the seconds after which files count as wholly written."""
    return lambda seconds: monkeypatch.setattr(reloading, "SETTLED_AFTER", seconds)


class Disk:
    """Reads the file, counts how often, and may hang or break."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.reads = 0
        self.answers = threading.Event()
        self.answers.set()
        self.failure: BaseException | None = None

    def read(self) -> Configuration:
        """What the file says; its text is the digest."""
        self.reads += 1
        self.answers.wait(10)
        if self.failure is not None:
            raise self.failure
        text = self.file.read_text() if self.file.exists() else ""
        is_sound = text.startswith("{") and text.endswith("}")
        return Configuration(text, (str(self.file),), () if is_sound else (PROBLEM,))


@pytest.fixture
def disk(file: Path) -> Iterator[Disk]:
    """The disk with the file; in the end it answers."""
    made = Disk(file)
    yield made
    made.answers.set()


@pytest.fixture
def files(file: Path, disk: Disk) -> ReloadingConfigurations:
    """What follows the file."""
    return ReloadingConfigurations(lambda: (file,), disk.read)


async def looked(files: ReloadingConfigurations, condition: Callable[[], bool]) -> None:
    """Look until the condition holds."""
    async with asyncio.timeout(5):
        while True:
            await files.refresh()
            if condition():
                return
            await asyncio.sleep(0.01)


async def test_a_file_that_does_not_change_is_not_read(files: ReloadingConfigurations, disk: Disk) -> None:
    """A look alone costs no reading."""
    for _ in range(3):
        await files.refresh()
    assert disk.reads == 1


async def test_an_edit_is_read_twice(files: ReloadingConfigurations, disk: Disk, file: Path) -> None:
    """At once and when the file has settled: two writes in one tick of the disk's clock may look the same."""
    file.write_text("{two}")
    await files.refresh()
    assert files.current.digest == "{two}"
    await looked(files, lambda: disk.reads == 3)
    await files.refresh()
    assert disk.reads == 3


async def test_half_a_file_is_not_refused(
    files: ReloadingConfigurations, file: Path, settled_after: Callable[[float], None]
) -> None:
    """As long as it is being written nothing is said of it."""
    settled_after(60)
    for text in ("{tw", ""):
        file.write_text(text)
        await files.refresh()
        await files.refresh()
        assert files.refused is None
    file.write_text("{two}")
    await files.refresh()
    assert files.current.digest == "{two}"
    assert files.refused is None


async def test_a_file_may_be_away_for_a_moment(
    files: ReloadingConfigurations, file: Path, settled_after: Callable[[float], None]
) -> None:
    """Editors move it aside before they put the new one there; if it stays away, that is refused."""
    settled_after(60)
    aside = file.rename(file.with_suffix(".old"))
    await files.refresh()
    assert files.refused is None
    aside.rename(file)
    await files.refresh()
    assert (files.current.digest, files.refused) == ("{one}", None)
    settled_after(0.05)
    file.unlink()
    await looked(files, lambda: files.refused is not None)
    assert files.current.digest == "{one}"


async def test_a_file_with_the_same_size_and_time_is_seen(files: ReloadingConfigurations, file: Path) -> None:
    """Copying with the old time does not hide what is new, nor does writing in place."""
    before = file.stat()
    file.write_text("{two}")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert file.stat().st_mtime_ns == before.st_mtime_ns
    await looked(files, lambda: files.current.digest == "{two}")


async def test_what_a_link_leads_to_is_seen(tmp_path: Path) -> None:
    """Kubernetes changes a mounted ConfigMap by turning a link between two folders."""
    for version in ("one", "two"):
        (tmp_path / version).mkdir()
        (tmp_path / version / "t.json").write_text(f"{{{version}}}")
    (tmp_path / "..data").symlink_to("one")
    (tmp_path / "t.json").symlink_to("..data/t.json")
    files = ReloadingConfigurations(lambda: (tmp_path / "t.json",), Disk(tmp_path / "t.json").read)
    (tmp_path / "..new").symlink_to("two")
    (tmp_path / "..new").rename(tmp_path / "..data")
    await files.refresh()
    assert files.current.digest == "{two}"


async def test_another_file_may_become_the_configuration(tmp_path: Path, disk: Disk) -> None:
    """Which files are read is asked at each look."""
    names = [tmp_path / "t.json"]
    files = ReloadingConfigurations(lambda: tuple(names), disk.read)
    names[0] = disk.file = tmp_path / "other.json"
    disk.file.write_text("{two}")
    await files.refresh()
    assert files.current.digest == "{two}"


async def test_errors_of_the_start_are_in_force_until_they_are_corrected(file: Path, disk: Disk) -> None:
    """What is sound in it is used; another edit with errors changes nothing of that."""
    file.write_text("{on")
    files = ReloadingConfigurations(lambda: (file,), disk.read)
    assert (files.current.digest, files.refused) == ("{on", None)
    file.write_text("{o")
    await looked(files, lambda: files.refused is not None)
    assert files.current.digest == "{on"
    file.write_text("{one}")
    await files.refresh()
    assert (files.current.digest, files.refused) == ("{one}", None)


async def test_a_look_under_way_may_have_begun_before_an_edit(file: Path, disk: Disk) -> None:
    """Whoever asks meanwhile gets one that begins afterwards."""
    stamped, goes_on = threading.Event(), threading.Event()
    goes_on.set()

    def names() -> Iterator[Path]:
        yield file
        stamped.set()
        goes_on.wait(10)

    files = ReloadingConfigurations(names, disk.read)
    stamped.clear()
    goes_on.clear()
    before = asyncio.create_task(files.refresh())
    await asyncio.to_thread(stamped.wait, 10)
    file.write_text("{two}")
    after = asyncio.create_task(files.refresh())
    await asyncio.sleep(0)
    goes_on.set()
    assert await after
    await before
    assert files.current.digest == "{two}"


async def test_a_disk_that_hangs_holds_up_nobody(
    files: ReloadingConfigurations,
    disk: Disk,
    file: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """All wait at most that long for one thread; it is told once, and the edit is seen in the end."""
    monkeypatch.setattr(reloading, "PATIENCE", 0.1)
    disk.answers.clear()
    file.write_text("{two}")
    async with asyncio.timeout(2):
        await asyncio.gather(*(files.refresh() for _ in range(100)))
        for _ in range(100):
            assert not await files.refresh()
    assert [thread.name for thread in threading.enumerate()].count(reloading.THREAD) == 1
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    assert files.current.digest == "{one}"
    disk.answers.set()
    await looked(files, lambda: files.current.digest == "{two}")


@pytest.mark.parametrize("failure", [OSError("of a sort that nobody thought of"), SystemExit(1)])
async def test_what_nobody_thought_of_keeps_what_is_in_force(
    files: ReloadingConfigurations,
    disk: Disk,
    file: Path,
    caplog: pytest.LogCaptureFixture,
    failure: BaseException,
) -> None:
    """It is told by its kind, once for each reading, and the next edit heals it."""
    disk.failure = failure
    file.write_text("{two}")
    assert not await files.refresh()
    assert files.current.digest == "{one}"
    assert [record.levelno for record in caplog.records] == [logging.ERROR]
    disk.failure = None
    file.write_text("{three}")
    await files.refresh()
    assert files.current.digest == "{three}"
