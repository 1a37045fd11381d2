"""All claims, real or fake, keep the contract."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from multiplespawner.adapters.outbound.claims.ofd_lock_claims import OfdLockClaims
from multiplespawner.adapters.outbound.claims.postgres_advisory_claims import PostgresAdvisoryClaims
from multiplespawner.adapters.outbound.postgres import PostgresAddress
from multiplespawner.testing.contracts.claims import ClaimsContract
from multiplespawner.testing.fakes.memory_claims import MemoryClaims


class TestMemoryClaims(ClaimsContract):
    """The fake in memory."""

    @pytest.fixture
    def table(self) -> dict[str, MemoryClaims]:
        return {}

    @pytest.fixture
    def claims(self, table: dict[str, MemoryClaims]) -> MemoryClaims:
        return MemoryClaims(table)

    @pytest.fixture
    def rival(self, table: dict[str, MemoryClaims]) -> MemoryClaims:
        return MemoryClaims(table)


class TestOfdLockClaims(ClaimsContract):
    """Locks on one file."""

    @pytest.fixture
    async def claims(self, tmp_path: Path) -> AsyncIterator[OfdLockClaims]:
        claims = OfdLockClaims(tmp_path / "state" / "claims.lock")
        yield claims
        await claims.close()

    @pytest.fixture
    async def rival(self, tmp_path: Path) -> AsyncIterator[OfdLockClaims]:
        claims = OfdLockClaims(tmp_path / "state" / "claims.lock")
        yield claims
        await claims.close()


class TestPostgresAdvisoryClaims(ClaimsContract):
    """Locks in a database."""

    @pytest.fixture
    async def claims(self, postgres_url: str) -> AsyncIterator[PostgresAdvisoryClaims]:
        claims = PostgresAdvisoryClaims(PostgresAddress.parse(postgres_url))
        yield claims
        await claims.close()

    @pytest.fixture
    async def rival(self, postgres_url: str) -> AsyncIterator[PostgresAdvisoryClaims]:
        claims = PostgresAdvisoryClaims(PostgresAddress.parse(postgres_url))
        yield claims
        await claims.close()
