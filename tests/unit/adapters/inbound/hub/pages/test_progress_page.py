"""Which page a start has at which moment."""

import asyncio
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import pytest

from multiplespawner.adapters.inbound.hub.pages.progress_page import ProgressPage


class Page(ProgressPage):
    """The handler of a request with this query, which says what it would show."""

    def __init__(self, **query: str) -> None:
        self._query = query

    def get_query_argument(self, name: str, default: Any = None) -> Any:
        """What the query says."""
        return self._query.get(name, default)

    async def _filled(self, name: str, *_: Any, **__: Any) -> str:
        return name


@pytest.fixture
async def cancelling() -> AsyncIterator[asyncio.Task[Any]]:
    """What calls a start off, and has not come to its end."""
    task = asyncio.create_task(asyncio.Event().wait())
    yield task
    task.cancel()


def spawner(pending: str, cancelling: Any) -> Any:
    """A server that is not ready."""
    return SimpleNamespace(ready=False, pending=pending, cancelling=cancelling, last_session=None)


@pytest.mark.parametrize("query", [{"cancelled": "1"}, {}], ids=["who asked", "another window"])
@pytest.mark.parametrize("pending", ["spawn", "stop"])
async def test_a_start_that_is_being_called_off_is_told_as_that(
    cancelling: Any, pending: str, query: dict[str, str]
) -> None:
    """As long as a hook holds on to it, too: it is not shown as if nobody had asked."""
    assert await Page(**query)._page(None, spawner(pending, cancelling)) == "cancelling"


async def test_a_server_that_stops_has_the_hub_s_page() -> None:
    """It was not called off."""
    assert await Page()._page(None, spawner("stop", None)) is None
