"""Whole lives of one session as records, driven by the plan, for tests of what the log tells."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from attrs import define, field

from multiplespawner.application.ports.event_log import Record
from multiplespawner.domain.catalogue import NAMES, Fact
from multiplespawner.domain.plan import consequences, next_step
from multiplespawner.domain.session import RequestStop
from multiplespawner.domain.steps import Do, Step, WaitUntil, intent
from multiplespawner.domain.steps import Record as Due
from multiplespawner.domain.world import Command, World, decide
from worlds import NEW, NOW, PLACE, REQUEST, fail, plan, rent, succeed


@define
class Story:
    """A world, and what the log tells of it: each step of the plan takes the seconds given."""

    world: World = NEW
    now: datetime = NOW
    records: list[Record] = field(factory=list)

    def tell(self, commands: Iterable[Command]) -> None:
        """Append what follows from commands, as the ledger does."""
        decided = decide(commands, self.world)
        decided = decide(consequences(decided.world), decided.world, decided.facts)
        for stream, facts in decided.facts.items():
            for fact in facts:
                self._append(stream, fact)
        self.world = decided.world

    def request(self, allocation: str = "spawner", **components: str) -> "Story":
        """A session is asked for."""
        self.tell((REQUEST, PLACE, rent(allocation), plan(**components)))
        return self

    def stop(self, why: str = "stopped") -> "Story":
        """Its user stops it."""
        self.tell((RequestStop("user", why),))
        return self

    def go_on(self, steps: int, seconds: Iterable[float] = (), failures: Iterable[bool] = ()) -> "Story":
        """Do what the plan asks for, at most `steps` times; the n-th call may fail."""
        times, outcomes = iter(seconds), iter(failures)
        for _ in range(steps):
            match next_step(self.world, self.now):
                case Do(Due(commands)):
                    self.tell(commands)
                case Do(step):
                    self.tell(intent(step))
                    self.now += timedelta(seconds=next(times, 1.0))
                    self.tell(self._outcome(step, next(outcomes, False)))
                case WaitUntil(time):
                    self.now = max(time, self.now + timedelta(microseconds=1))
                case _:
                    break
        return self

    def _outcome(self, step: Step, fails: bool) -> tuple[Command, ...]:
        return fail(step, self.world, self.now) if fails else succeed(step, self.world)

    def _append(self, stream: str, fact: Fact) -> None:
        version = 1 + sum(record.stream == stream for record in self.records)
        position = len(self.records) + 1
        told = (stream, version, position, NAMES[type(fact)], self.now, "driver", "1", None, "test", "")
        self.records.append(Record(*told, fact=fact))
