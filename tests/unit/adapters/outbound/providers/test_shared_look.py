"""How one look serves many."""

import asyncio

import pytest

from multiplespawner.adapters.outbound.providers.shared_look import SharedLook


class Looking:
    """Counts looks; each waits until it is let through."""

    def __init__(self) -> None:
        self.begun = 0
        self.gate = asyncio.Event()

    async def __call__(self) -> int:
        self.begun += 1
        number = self.begun
        await self.gate.wait()
        return number


async def until_begun(looking: Looking, number: int) -> None:
    async with asyncio.timeout(10):
        while looking.begun < number:
            await asyncio.sleep(0)


async def test_those_who_ask_meanwhile_share_the_next_one() -> None:
    """The first gets the look under way, all later ones a fresh one, together."""
    looking = Looking()
    look = SharedLook(looking)
    first = asyncio.create_task(look())
    await until_begun(looking, 1)
    later = [asyncio.create_task(look()) for _ in range(100)]
    await asyncio.sleep(0)
    looking.gate.set()
    assert await first == 1
    assert set(await asyncio.gather(*later)) == {2}


async def test_one_after_the_other_looks_each_time() -> None:
    """Nobody gets what was seen before they asked."""
    looking = Looking()
    looking.gate.set()
    look = SharedLook(looking)
    assert [await look(), await look()] == [1, 2]


async def test_an_error_reaches_all_and_the_next_look_is_fresh() -> None:
    """A look that fails spoils no later one."""
    answers = iter([OSError("hidden"), 7])

    async def looking() -> int:
        answer = next(answers)
        if isinstance(answer, OSError):
            raise answer
        return answer

    look = SharedLook(looking)
    both = await asyncio.gather(look(), look(), return_exceptions=True)
    assert [type(answer) for answer in both] == [OSError, OSError]
    assert await look() == 7


async def test_cancelling_one_leaves_the_others() -> None:
    """Who leaves takes nobody along."""
    looking = Looking()
    look = SharedLook(looking)
    one, other = asyncio.create_task(look()), asyncio.create_task(look())
    await until_begun(looking, 1)
    one.cancel()
    with pytest.raises(asyncio.CancelledError):
        await one
    looking.gate.set()
    assert await other == 1


def test_it_outlives_an_event_loop() -> None:
    """What one loop left behind does not disturb the next."""

    async def looking() -> int:
        return 1

    look = SharedLook(looking)
    assert [asyncio.run(look()), asyncio.run(look())] == [1, 1]
