"""What a spawn page shows of our own steps, where a machine is ordered before a notebook starts."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

from ....application.house import House
from ....application.ports.event_log import LogUnavailable, Record
from ....domain.resource import ResourceRequested

LOOK_EVERY = 0.2
"""Seconds between two looks while nothing of the notebook has begun."""

_STEPS: Mapping[str, tuple[int, str]] = {
    "resource.requested": (5, "A machine is ordered"),
    "resource.created": (10, "The machine is starting"),
    "resource.provisioned": (30, "The machine is ready, the notebook is starting"),
}
"""How far each fact is, of 100, and what it says to the user."""


async def own_steps(
    house: House, resource: str, begun: asyncio.Event, is_over: Callable[[], bool]
) -> AsyncIterator[Mapping[str, Any]]:
    """An event for each step, until the inner spawner's start has `begun` or all `is_over`.

    Where the inner spawner itself allocates, its own events tell all that there is to tell.
    """
    seen, is_ordered = 0, True
    while True:
        is_last = begun.is_set() or is_over()
        for record in await _records(house, resource, seen) if is_ordered else ():
            seen = record.version
            is_ordered = is_ordered and not _is_left_to_the_spawner(record)
            if is_ordered and record.name in _STEPS:
                progress, message = _STEPS[record.name]
                yield {"progress": progress, "message": message}
        if is_last:
            return
        await _wait(begun)


def _is_left_to_the_spawner(record: Record) -> bool:
    return isinstance(record.fact, ResourceRequested) and record.fact.allocation != "provider"


async def _records(house: House, resource: str, after: int) -> tuple[Record, ...]:
    try:
        return await house.ports.log.read(f"resource:{resource}", after)
    except LogUnavailable:
        return ()  # they are told at one of the next looks


async def _wait(begun: asyncio.Event) -> None:
    try:
        await asyncio.wait_for(begun.wait(), LOOK_EVERY)
    except TimeoutError:
        return
