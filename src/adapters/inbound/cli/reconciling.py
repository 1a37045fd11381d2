"""The command that takes over what a hub left behind, while that hub is down."""

import asyncio
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import typer
from attrs import frozen

from ....application.house import House
from ....application.use_cases.reconcile import Reconciled
from ....bootstrap import Settings, build
from ....bootstrap.hub import inner_spawners
from ....bootstrap.reading import CannotRead

EVERY = 30.0
"""Seconds between two rounds."""


@frozen
class Round:
    """What one round found, and what is still held after it."""

    found: Reconciled
    running: int
    """Resources whose sessions run."""
    unfinished: int
    """Resources that are still to be given back; another process may be at it."""

    @property
    def status(self) -> int:
        """Exit status: 1 if something is left to do."""
        if self.found.doubt is not None:
            return 1
        troubled = any(reaped.left or reaped.failed for reaped in self.found.reaped)
        return 1 if self.unfinished or troubled else 0


async def reconcile(settings: Settings, *, once: bool, tell: Callable[[Round], None]) -> int:
    """Reconcile once, or until interrupted; each round is told. Returns the last round's status."""
    house = await _house(settings)
    try:
        while True:
            done = await _round(house)
            tell(done)
            if once:
                return done.status
            await asyncio.sleep(EVERY)
    finally:
        await house.close()


async def adopt(settings: Settings) -> int:
    """Believe the log from now on, where it lies and as far as it goes; the exit status."""
    house = await _house(settings)
    try:
        log = house.ports.log
        await house.ports.custody.adopt(log.owner, await log.position())
    finally:
        await house.close()
    typer.echo("adopted; start the hub again")
    return 0


async def _house(settings: Settings) -> House:
    """All use cases, without a hub. Raises CannotRead and what the ports raise where something is away."""
    _leave_to_owner(settings.log_file)
    try:
        return await asyncio.to_thread(build, settings, inner_spawners(_none, _any), stays=False)
    except OSError as error:
        raise CannotRead(f"{error.filename} can't be used: {error.strerror}") from error
    except (ImportError, ValueError) as error:
        raise CannotRead(str(error)) from error


def _leave_to_owner(log: Path | None) -> None:
    """Root would lay files beside the log that the hub's user can't read."""
    if log is None or os.geteuid() != 0 or not log.exists():
        return
    owner = log.stat().st_uid
    if owner != 0:
        raise CannotRead(
            f"the event log {log} is user {owner}'s: run this as that user, with sudo -u '#{owner}'"
        )


async def _round(house: House) -> Round:
    # what has new settings since then is asked with them
    await house.ports.configurations.refresh()
    found = await house.reconcile()
    await house.driver.settled()
    held = [(await house.ledger.world(id_)).world for id_ in await house.resources.held()]
    running = sum(world.session.is_active and world.session.stop is None for world in held)
    return Round(found, running, len(held) - running)


def _any(session: str, document: Mapping[str, Any]) -> bool:
    """Whether a hub that is down still points to a session can't be known."""
    return True


async def _none(session: str, document: Mapping[str, Any]) -> None:
    """Without a hub no inner spawner can be made: what it started is found through its provider."""
