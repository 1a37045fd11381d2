"""Where a host is rented, entered and set up before the notebook starts on it."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from houses import Outside
from multiplespawner.testing.fakes.memory_authenticator import MemoryAuthenticator
from multiplespawner.testing.fakes.memory_components import MemoryComponents
from multiplespawner.testing.fakes.memory_configurer import MemoryConfigurer


@pytest.fixture
async def outside() -> AsyncIterator[Outside]:
    """Its clock runs while somebody waits for it."""
    made = Outside(
        components=MemoryComponents({"a.Key": MemoryAuthenticator()}, {"a.Book": MemoryConfigurer()})
    )

    async def passes() -> None:
        while True:
            if made.clock.waited_for:
                made.clock.advance(timedelta(seconds=2))
            await asyncio.sleep(0)

    task = asyncio.create_task(passes())
    yield made
    task.cancel()


@pytest.fixture
def authenticator(outside: Outside) -> MemoryAuthenticator:
    """The one of `a.Key`."""
    found = outside.components.authenticators["a.Key"]
    assert isinstance(found, MemoryAuthenticator)
    return found


@pytest.fixture
def configurer(outside: Outside) -> MemoryConfigurer:
    """The one of `a.Book`."""
    found = outside.components.configurers["a.Book"]
    assert isinstance(found, MemoryConfigurer)
    return found
