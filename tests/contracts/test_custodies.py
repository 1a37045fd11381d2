"""Every custody, real or fake, keeps the contract."""

import shutil
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from multiplespawner.adapters.outbound.custody.file_custody import FileCustody
from multiplespawner.adapters.outbound.custody.postgres_custody import PostgresCustody
from multiplespawner.adapters.outbound.postgres import PostgresAddress
from multiplespawner.testing.contracts.custody import CustodyContract
from multiplespawner.testing.fakes.memory_custody import MemoryCustody


class TestMemoryCustody(CustodyContract):
    """The fake in memory."""

    @pytest.fixture
    def custody(self) -> MemoryCustody:
        return MemoryCustody()

    @pytest.fixture
    def move(self, custody: MemoryCustody) -> Callable[[], None]:
        def elsewhere() -> None:
            custody.place = "elsewhere"

        return elsewhere


class TestFileCustody(CustodyContract):
    """A file beside the log."""

    @pytest.fixture
    def log(self, tmp_path: Path) -> Path:
        log = tmp_path / "events.sqlite"
        log.write_text("the log")
        return log

    @pytest.fixture
    def custody(self, tmp_path: Path, log: Path) -> FileCustody:
        return FileCustody(tmp_path / "custody.json", log)

    @pytest.fixture
    def move(self, log: Path) -> Callable[[], None]:
        def copied() -> None:
            shutil.copy(log, log.with_suffix(".copy"))
            log.with_suffix(".copy").replace(log)

        return copied


class TestPostgresCustody(CustodyContract):
    """A table beside the log."""

    @pytest.fixture
    def custody(self, postgres_url: str) -> PostgresCustody:
        return PostgresCustody(PostgresAddress.parse(postgres_url))

    @pytest.fixture
    def move(self, postgres_url: str) -> Callable[[], None]:
        def loaded_elsewhere() -> None:
            with psycopg.connect(postgres_url) as connection:
                connection.execute("UPDATE public.multiplespawner_custody SET place = 'elsewhere:1'")

        return loaded_elsewhere


async def test_another_machine_is_another_place(tmp_path: Path) -> None:
    """A disk that moved to another machine, or was cloned with it, is in doubt there."""
    log, machine = tmp_path / "events.sqlite", tmp_path / "machine-id"
    log.touch()
    machine.write_text("one")
    custody = FileCustody(tmp_path / "custody.json", log, machine)
    await custody.doubt("owner", 0)
    machine.write_text("two")

    assert await custody.doubt("owner", 1) is not None
