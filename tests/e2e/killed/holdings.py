"""What is held by whom: by the event log, the private store and the machine's processes."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import psutil
from attrs import define, field, frozen

from multiplespawner.adapters.outbound.clock.system_clock import SystemClock
from multiplespawner.adapters.outbound.event_store.sqlite_event_log import SqliteEventLog
from multiplespawner.adapters.outbound.private_store.file_private_store import FilePrivateStore
from multiplespawner.application.ledger import Ledger
from multiplespawner.application.ports.private_store import PrivateStoreUnavailable
from multiplespawner.application.verify_log import Damage, verify_log
from multiplespawner.domain.world import World

MARK = "MULTIPLESPAWNER_RESOURCE"


@frozen
class Holdings:
    """All of it at one time."""

    owner: str
    worlds: tuple[World, ...]
    """Of all sessions that were ever requested, oldest first."""
    private: frozenset[str]
    """Deployments of which something lies in the private store."""
    reserved: int = 0
    """Places of pools that are taken."""

    @property
    def meant(self) -> frozenset[str]:
        """Tokens of sessions whose notebook was told to run and is not to end."""
        return frozenset(
            w.resource.token
            for w in self.worlds
            if w.session.address and w.session.is_active and not w.session.stop and not w.deployment.is_ending
        )

    @property
    def is_quiet(self) -> bool:
        """Whether nothing is held but by running sessions, and nothing is on its way."""
        held = {w.resource.token for w in self.worlds if w.resource.is_open or w.session.is_active}
        kept = {w.deployment_id for w in self.worlds if w.resource.token in self.meant}
        return held == self.meant and self.private == kept

    def processes(self) -> Counter[str]:
        """How many processes of the log's owner carry each token."""
        return Counter(token for token, _ in self._marked())

    def end_processes(self) -> None:
        """Kill what is left."""
        for _, process in self._marked():
            process.kill()

    def _marked(self) -> Iterator[tuple[str, psutil.Process]]:
        # psutil.process_iter is not for several threads
        for pid in psutil.pids():
            with suppress(psutil.Error, OSError):
                process = psutil.Process(pid)
                token = process.environ().get(MARK, "")
                if token.startswith(f"{self.owner}-") and process.status() != psutil.STATUS_ZOMBIE:
                    yield token, process


@define(eq=False)
class Folder:
    """The spawner's folder, read beside a hub that may be running."""

    path: Path
    _over: dict[str, World] = field(factory=dict, init=False)
    """By session: of what is over for good, so that it is not read again and again."""

    def look(self) -> Holdings:
        """What is held now."""
        return asyncio.run(self._look())

    def damage(self) -> Damage | None:
        """What is wrong with the log, if anything."""
        return asyncio.run(self._damage())

    async def _look(self) -> Holdings:
        async with self._log() as log:
            requested = await log.read_all(0, 100_000, ("session.requested",))
            ids = [record.stream.removeprefix("session:") for record in requested]
            worlds = [self._over.get(id_) or await self._world(Ledger(log), id_) for id_ in ids]
            taken = await log.read_all(0, 100_000, ("allowance.reserved", "allowance.returned"))
            reserved = sum(1 if record.name == "allowance.reserved" else -1 for record in taken)
            return Holdings(log.owner, tuple(worlds), await self._private(), reserved)

    async def _private(self) -> frozenset[str]:
        store = FilePrivateStore(self.path / "private")
        while True:
            # the hub may remove a folder while we look into it
            with suppress(PrivateStoreUnavailable):
                return frozenset(key.split("/")[1] for key in await store.keys("deployment/"))

    async def _world(self, ledger: Ledger, session: str) -> World:
        world = (await ledger.world((await ledger.session(session)).resource or "")).world
        if world.session.is_over and not world.resource.is_open:
            self._over[session] = world
        return world

    async def _damage(self) -> Damage | None:
        async with self._log() as log:
            return await verify_log(log)

    @asynccontextmanager
    async def _log(self) -> AsyncIterator[SqliteEventLog]:
        log = SqliteEventLog(self.path / "events.sqlite", SystemClock(), "harness")
        try:
            yield log
        finally:
            await log.close()
