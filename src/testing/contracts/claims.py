"""What all claims do."""

import pytest

from ...application.ports.claims import Claims


class ClaimsContract:
    """Inherit it and fill in the two fixtures."""

    @pytest.fixture
    def claims(self) -> Claims:
        """Hand out claims of one process and close them afterwards."""
        raise NotImplementedError

    @pytest.fixture
    def rival(self, claims: Claims) -> Claims:
        """Hand out claims as another process would hold them."""
        raise NotImplementedError

    async def test_one_holder(self, claims: Claims, rival: Claims) -> None:
        """What one process holds another can't take."""
        assert await claims.take("a")
        assert not await rival.take("a")
        assert await claims.holds("a")
        assert not await rival.holds("a")

    async def test_take_again(self, claims: Claims, rival: Claims) -> None:
        """Taking again what is held is a yes, and one giving back is enough."""
        assert await claims.take("a")
        assert await claims.take("a")
        await claims.give_back("a")
        assert not await claims.holds("a")
        assert await rival.take("a")

    async def test_others_are_free(self, claims: Claims, rival: Claims) -> None:
        """A claim says nothing about other resources."""
        assert await claims.take("a")
        assert await rival.take("b")
        assert not await claims.take("b")

    async def test_give_back_is_our_own(self, claims: Claims, rival: Claims) -> None:
        """Giving back what another one holds changes nothing; so does giving back twice."""
        await claims.take("a")
        await rival.give_back("a")
        assert not await rival.take("a")
        await claims.give_back("a")
        await claims.give_back("a")
        assert await rival.take("a")

    async def test_close(self, claims: Claims, rival: Claims) -> None:
        """Closing lets go of all and may be repeated."""
        await claims.take("a")
        await claims.take("b")
        await claims.close()
        await claims.close()
        assert not await claims.holds("a")
        assert await rival.take("a")
        assert await rival.take("b")

    async def test_many(self, claims: Claims, rival: Claims) -> None:
        """Thousands of claims are held at once."""
        resources = [f"{number:032x}" for number in range(2000)]
        assert all([await claims.take(resource) for resource in resources])
        assert not any([await rival.take(resource) for resource in resources[::100]])
