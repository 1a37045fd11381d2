"""Which hosts of a pool are out of order: nothing answers there, or nothing that speaks SSH."""

import asyncio
import logging
import os
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from attrs import define, field, frozen

from ...ssh import on_ssh_loop
from ..shared_look import SharedLook

SECONDS = 3.0
"""For one host to connect and to say what it speaks."""
FRESH = 15.0
"""Seconds for which an answer holds."""
AT_ONCE = 256
"""Hosts asked at the same time: no pool uses up the process's files."""

_logger = logging.getLogger("multiplespawner.hosts")


@frozen
class Place:
    """Where a host listens."""

    name: str
    address: str
    port: int


@define(eq=False)
class Health:
    """What was seen of the hosts a moment ago; looks again, once for all who ask."""

    places: Sequence[Place]
    clock: Callable[[], float] = time.monotonic
    _seen: dict[str, tuple[float, str]] = field(factory=dict, init=False)
    """When each was seen, and why it is out of order: empty for one in order."""
    _look: SharedLook[None] = field(init=False)

    @_look.default
    def _new_look(self) -> SharedLook[None]:
        return SharedLook(self._look_again)

    async def out_of_order(self, names: Collection[str]) -> Mapping[str, str]:
        """Those that can't be used now, each with why."""
        if any(self._is_old(place.name) for place in self.places if place.name in names):
            await self._look()
        known = {name: self._seen[name][1] for name in names if name in self._seen}
        gone = {name: "it is not in the settings any more" for name in names if name not in known}
        return {**{name: why for name, why in known.items() if why}, **gone}

    def _is_old(self, name: str) -> bool:
        return name not in self._seen or self.clock() - self._seen[name][0] >= FRESH

    async def _look_again(self) -> None:
        old = [place for place in self.places if self._is_old(place.name)]
        if not old:
            return
        for place, why in zip(old, await on_ssh_loop(_asked(old)), strict=True):
            self._tell(place, why)
            self._seen[place.name] = (self.clock(), why)

    def _tell(self, place: Place, why: str) -> None:
        """Say what has changed, once."""
        before = self._seen.get(place.name, (0.0, ""))[1]
        if why and not before:
            _logger.warning("Host %s (%s) is out of order: %s.", place.name, place.address, why)
        if before and not why:
            _logger.warning("Host %s (%s) is in order again.", place.name, place.address)


async def _asked(places: Iterable[Place]) -> list[str]:
    gate = asyncio.Semaphore(AT_ONCE)

    async def asked(place: Place) -> str:
        async with gate:
            return await _flaw(place)

    return await asyncio.gather(*(asked(place) for place in places))


async def _flaw(place: Place) -> str:
    try:
        async with asyncio.timeout(SECONDS):
            # while many log in, sshd hangs up on some at random (MaxStartups)
            for pause in (0.2, 0.5):
                if not await _greeting_flaw(place):
                    return ""
                await asyncio.sleep(pause)
            return await _greeting_flaw(place)
    except TimeoutError:
        return f"no answer on port {place.port} within {SECONDS:g} s"
    except OSError as error:
        return f"port {place.port}: {_reason(error)}"


def _reason(error: OSError) -> str:
    # asyncio puts words of its own in the place of the system's; those of a name's look-up have no number
    return os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror or str(error)


async def _greeting_flaw(place: Place) -> str:
    reader, writer = await asyncio.open_connection(place.address, place.port, limit=1024)
    try:
        # a server may say other lines first (RFC 4253, 4.2)
        for _ in range(20):
            line = await reader.readline()
            if line.startswith((b"SSH-2.0-", b"SSH-1.99-")):
                return ""
            if not line.endswith(b"\n"):
                break
    except ValueError:
        pass
    finally:
        writer.transport.abort()
    return f"what listens on port {place.port} does not speak SSH, or refuses more connections"
