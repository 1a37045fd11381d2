"""Several streams of events as one."""

import asyncio
from contextlib import aclosing

from multiplespawner.adapters.inbound.hub.weaving import woven


async def items(*found, then=None):
    """These, then wait for an event, if there is one."""
    for item in found:
        yield item
    if then is not None:
        await then.wait()


async def without_end():
    """A stream that never waits."""
    while True:
        yield "again"


async def failing():
    """A stream that fails."""
    yield "before"
    raise RuntimeError


async def all_of(stream):
    """What comes of it."""
    return [item async for item in stream]


async def test_it_ends_with_the_first():
    """Whatever the others do."""
    async with asyncio.timeout(5):
        found = await all_of(woven(items("a", "b"), items("c", then=asyncio.Event()), without_end()))
    assert [item for item in found if item in ("a", "b")] == ["a", "b"]


async def test_one_that_never_waits_leaves_others_their_turn():
    """The event loop goes on, and so does the first."""
    gate = asyncio.Event()
    asyncio.get_running_loop().call_later(0.02, gate.set)
    async with asyncio.timeout(5):
        assert "again" in await all_of(woven(items("a", then=gate), without_end()))


async def test_one_that_fails_is_left_out():
    """What it said before counts."""
    gate = asyncio.Event()
    found = []
    async with aclosing(woven(items("a", then=gate), failing())) as stream:
        async for item in stream:
            found.append(item)
            if len(found) == 2:
                gate.set()
    assert sorted(found) == ["a", "before"]


async def test_one_that_does_not_end_does_not_hold_up_the_rest():
    """Cancelled, it goes on; nobody waits for it longer than a moment."""
    stubborn = asyncio.Event()

    async def ignores():
        while not stubborn.is_set():
            try:
                await stubborn.wait()
            except asyncio.CancelledError:
                continue
        yield "never"

    async with asyncio.timeout(5):
        assert await all_of(woven(items("a"), ignores())) == ["a"]
    stubborn.set()
