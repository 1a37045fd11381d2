"""What every custody does."""

import asyncio
from collections.abc import Callable

import pytest

from ...application.ports.custody import Custody


class CustodyContract:
    """Inherit it and fill in the fixtures."""

    @pytest.fixture
    def custody(self) -> Custody:
        """Hand out one that remembers nothing."""
        raise NotImplementedError

    @pytest.fixture
    def move(self) -> Callable[[], None]:
        """Put the log elsewhere, as a copy is."""
        raise NotImplementedError

    async def test_a_new_log_is_believed(self, custody: Custody) -> None:
        """And goes on being believed as it grows."""
        assert await custody.doubt("owner", 0) is None
        await custody.saw("owner", 7)
        assert await custody.doubt("owner", 7) is None
        assert await custody.doubt("owner", 9) is None

    async def test_a_log_that_was_not_born_here_is_in_doubt(self, custody: Custody) -> None:
        """Somebody put it here."""
        assert await custody.doubt("owner", 3) is not None

    async def test_an_older_state_is_in_doubt(self, custody: Custody) -> None:
        """Something of it is missing."""
        await custody.doubt("owner", 0)
        await custody.saw("owner", 7)
        assert await custody.doubt("owner", 6) is not None

    @pytest.mark.parametrize("position", [0, 8])
    async def test_another_log_is_in_doubt(self, custody: Custody, position: int) -> None:
        """An empty one too: what the log before it holds would be nobody's."""
        await custody.doubt("owner", 0)
        await custody.saw("owner", 7)
        assert await custody.doubt("other", position) is not None
        await custody.adopt("other", position)
        assert await custody.doubt("other", position) is None

    async def test_a_new_log_may_replace_one_that_never_held_anything(self, custody: Custody) -> None:
        """Nothing of it can be missing."""
        await custody.doubt("owner", 0)
        assert await custody.doubt("other", 0) is None

    async def test_a_copy_is_in_doubt(self, custody: Custody, move: Callable[[], None]) -> None:
        """It lies somewhere else."""
        await custody.doubt("owner", 0)
        await custody.saw("owner", 7)
        move()
        assert await custody.doubt("owner", 7) is not None

    async def test_an_adopted_log_is_believed(self, custody: Custody, move: Callable[[], None]) -> None:
        """Doubt alone changes nothing."""
        await custody.doubt("owner", 0)
        await custody.saw("owner", 7)
        move()
        await custody.doubt("owner", 5)
        assert await custody.doubt("owner", 5) is not None
        await custody.adopt("owner", 5)
        assert await custody.doubt("owner", 5) is None

    async def test_several_may_ask_and_tell_at_once(self, custody: Custody) -> None:
        """What was told last is remembered as a whole."""
        await custody.doubt("owner", 0)
        await asyncio.gather(*(custody.saw("owner", position) for position in range(20)))
        assert await custody.doubt("owner", 20) is None
