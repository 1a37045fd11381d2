"""Every table of user names, real or fake, keeps the contract."""

from pathlib import Path

import pytest

from multiplespawner.adapters.outbound.postgres import PostgresAddress
from multiplespawner.adapters.outbound.user_names.postgres_user_names import PostgresUserNames
from multiplespawner.adapters.outbound.user_names.sqlite_user_names import SqliteUserNames
from multiplespawner.testing.contracts.user_names import UserNamesContract
from multiplespawner.testing.fakes.memory_user_names import MemoryUserNames


class TestMemoryUserNames(UserNamesContract):
    """The fake in memory."""

    @pytest.fixture
    def names(self) -> MemoryUserNames:
        return MemoryUserNames()


class TestSqliteUserNames(UserNamesContract):
    """A file."""

    @pytest.fixture
    def names(self, tmp_path: Path) -> SqliteUserNames:
        return SqliteUserNames(tmp_path / "state" / "names.sqlite")


class TestPostgresUserNames(UserNamesContract):
    """A table in a database."""

    @pytest.fixture
    def names(self, postgres_url: str) -> PostgresUserNames:
        return PostgresUserNames(PostgresAddress.parse(postgres_url))
