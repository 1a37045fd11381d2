"""A folder of state with sessions told in its log, and the command line on it."""

import asyncio
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from attrs import define, field
from typer.testing import CliRunner, Result

from multiplespawner.adapters.inbound.cli.app import app
from multiplespawner.adapters.outbound.event_store.sqlite_event_log import SqliteEventLog
from multiplespawner.adapters.outbound.user_names.sqlite_user_names import SqliteUserNames
from multiplespawner.application.ports.event_log import Change, Origin
from multiplespawner.domain import allowance as a
from multiplespawner.domain import configuration as k
from multiplespawner.domain import deployment as d
from multiplespawner.domain import resource as r
from multiplespawner.domain import session as s
from multiplespawner.domain.catalogue import Fact
from multiplespawner.domain.values import Amount, Endpoint, Hardware, Selection, ServerId
from multiplespawner.testing.fakes.manual_clock import ManualClock

HUB = "0f0f0f0f"
DIGEST = "d" * 64
ADDRESS = "http://127.0.0.1:8888"
Told = tuple[str, Fact]


def names(number: int) -> tuple[str, str, str]:
    """Ids of a session, its resource and its deployment."""
    return f"{number:x}5" + "0" * 30, f"{number:x}7" + "0" * 30, f"{number:x}d" + "0" * 30


def requested(number: int, user: int = 1) -> list[Told]:
    """What one append tells of a new session."""
    session, resource, deployment = names(number)
    selection = Selection("local/Process/small", Hardware(2.0, 4.0), 60, (("course", "physics"),))
    token = f"00-{resource}"
    rented = r.ResourceRequested(
        "local", "bare_metal", Hardware(2.0, 4.0), None, token, "spawner", session, ("pool:local",)
    )
    planned = d.DeploymentPlanned(session, resource, "Process", "small", "a.Spawner", DIGEST)
    return [
        (
            "pool:local",
            a.AllowanceReserved(resource, (Amount("sessions", 1),), datetime(2026, 1, 1, tzinfo=UTC)),
        ),
        (f"session:{session}", s.SessionRequested(ServerId(HUB, user, user), selection, DIGEST, ("staff",))),
        (f"session:{session}", s.SessionPlaced(resource, deployment)),
        (f"resource:{resource}", rented),
        (f"deployment:{deployment}", planned),
    ]


def started(number: int) -> list[Told]:
    """What is told when its notebook runs."""
    session, resource, deployment = names(number)
    return [
        (f"deployment:{deployment}", d.SpawnerStarting()),
        (f"deployment:{deployment}", d.SpawnerStarted(ADDRESS)),
        (f"resource:{resource}", r.ResourceProvisioned(Endpoint("127.0.0.1", 8888))),
        (f"session:{session}", s.SessionStarted(ADDRESS)),
    ]


def ended(number: int) -> list[Told]:
    """What is told from the wish to stop until all is given back."""
    session, resource, deployment = names(number)
    return [
        (f"session:{session}", s.SessionStopRequested("user", "stopped")),
        (f"deployment:{deployment}", d.SpawnerStopping()),
        (f"deployment:{deployment}", d.SpawnerStopped(0)),
        (f"deployment:{deployment}", d.DeploymentWithdrawn()),
        (f"session:{session}", s.SessionEnded("stopped", 0)),
        (f"resource:{resource}", r.ResourceReleaseRequested("stopped")),
        (f"resource:{resource}", r.ResourceReleased()),
        ("pool:local", a.AllowanceReturned(resource)),
    ]


LOADED = (f"configuration:{HUB}", k.ConfigurationLoaded(DIGEST, ("/etc/t.json", "/etc/d.json"), "accepted"))


@define
class State:
    """A folder of state; its clock moves a second with each append."""

    folder: Path
    clock: ManualClock = field(factory=lambda: ManualClock(datetime.now(UTC) - timedelta(hours=5)))
    versions: dict[str, int] = field(factory=dict)

    @property
    def log(self) -> Path:
        """The file with the log."""
        return self.folder / "events.sqlite"

    def tell(self, told: Iterable[Told]) -> None:
        """Append all at once, as a hub does that then stops."""
        asyncio.run(self._tell(told))

    def knows(self, user: int, name: str) -> None:
        """Remember a user's name."""
        names = SqliteUserNames(self.folder / "names.sqlite")
        asyncio.run(names.remember(HUB, user, name))

    def run(self, *arguments: str, **options: object) -> Result:
        """Run a command on it."""
        command, *others = arguments
        given = [command, *others, "--directory", str(self.folder)]
        return CliRunner().invoke(app, given, **options)  # type: ignore[arg-type]

    async def _tell(self, told: Iterable[Told]) -> None:
        log = SqliteEventLog(self.log, self.clock, "1.0")
        facts: dict[str, list[Fact]] = {}
        for stream, fact in told:
            facts.setdefault(stream, []).append(fact)
        changes = [Change(name, self.versions.get(name, 0), tuple(some)) for name, some in facts.items()]
        for record in await log.append(changes, Origin("hub", "1", "q1")):
            self.versions[record.stream] = record.version
        self.clock.advance(timedelta(seconds=1))
        await log.close()
