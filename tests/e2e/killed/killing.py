"""Kill a hub at every point that any run of a story comes to, and look at what it leaves."""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from attrs import define, field

from .holdings import Holdings
from .hub import KilledHub, until
from .places import Beside, Place
from .stories import Story, start, stop

TIMES = 3
"""How often to try a point that a run may miss: what comes first is up to the machine."""

ENOUGH = 5
"""Problems after which a story is given up."""


@define
class Result:
    """How a story went."""

    story: str
    died_at: list[str] = field(factory=list)
    missed: list[str] = field(factory=list)
    """Points that came once and not again."""
    sure: frozenset[str] = frozenset()
    """Points that came in each run that nothing ended."""
    problems: list[str] = field(factory=list)

    @property
    def unseen(self) -> frozenset[str]:
        """Points that come each time, and at which none has died."""
        return self.sure.difference(self.died_at)


@define(eq=False)
class Killing:
    """Tells one story again and again, each time with another end."""

    story: Story
    folder: Path
    proxy: Path
    place: Place = field(factory=Beside)
    result: Result = field(init=False)
    _hub: KilledHub = field(init=False)
    _opened: int = field(default=0, init=False)
    _has_died: bool = field(default=False, init=False)

    def __attrs_post_init__(self) -> None:
        self.result = Result(self.story.name)

    def __call__(self) -> Result:
        """Die at every point that the first runs came to, then at those that came up meanwhile."""
        try:
            self._open()
            first, second = self._round(None), self._round(None)
            self.result.sure = frozenset(first) & frozenset(second)
            known = dict.fromkeys(first + second)
            while left := [p for p in known if p not in (*self.result.died_at, *self.result.missed)]:
                for point in left:
                    known.update(dict.fromkeys(self._die_at(point)))
                    if len(self.result.problems) >= ENOUGH:
                        return self.result
        finally:
            self._close()
        return self.result

    def _die_at(self, point: str) -> list[str]:
        came: list[str] = []
        for _ in range(TIMES):
            try:
                came += self._round(point)
            except Exception as problem:
                self._tell(f"{point}: {type(problem).__name__} {problem} ({self._hub.folder})")
                self._close()
                self._open()
            if self._has_died:
                break
        (self.result.died_at if self._has_died else self.result.missed).append(point)
        return came

    def _tell(self, problem: str) -> None:
        self.result.problems.append(problem)
        with (self.folder / "problems").open("a") as told:
            told.write(f"{problem}\n")

    def _round(self, fatal: str | None) -> list[str]:
        """Tell the story up to a point, and see that what comes after is right; the points it came to."""
        hub, self._has_died = self._hub, False
        self.story.before(hub)
        self.story.arm(hub, fatal)
        self.story.tell(hub)
        self.story.let_end(hub, fatal)
        died = hub.is_dead
        hub.kill()
        told = hub.told()
        self._has_died = fatal in told
        assert self._has_died or not died, "the hub has died by itself"
        kept = self._look().meant
        hub.start()
        hub.have_spawner_made()
        self._check(kept)
        self._next()
        damage = hub.ours.damage()
        assert damage is None, damage
        return told

    def _next(self) -> None:
        """The next start works, whatever was before, and its stop leaves nothing."""
        hub = self._hub
        if hub.server():
            stop(hub)
            self._check(frozenset())
        start(hub)
        held = self._look()
        self._check(frozenset({held.worlds[-1].resource.token}))
        # else nothing that is left would be seen either
        assert bool(self._left(frozenset())) == self.place.is_pool
        stop(hub)
        self._check(frozenset())

    def _look(self) -> Holdings:
        return self._hub.ours.look()

    def _check(self, kept: frozenset[str]) -> None:
        """All that must hold when it is quiet, which must be soon: `kept` runs, nothing else is held."""
        until(lambda: self._look().is_quiet, "it is quiet")
        held = self._look()
        assert held.meant == kept, f"{len(held.meant)} sessions run, not {len(kept)}"
        self._check_outside(held, kept)
        assert all(w.session.reason for w in held.worlds if w.session.is_over), "an end has no reason"
        hub = self._hub
        until(lambda: bool(hub.server().get("ready")) == bool(kept), "the hub says the same")
        assert not kept or until(hub.is_routed, "the notebook answers")

    def _check_outside(self, held: Holdings, kept: frozenset[str]) -> None:
        """Outside is only what belongs to `kept`, or is just about to go."""
        _soon(held.processes, Counter(dict.fromkeys(kept, self.place.each)))
        _soon(lambda: self._left(kept), [])
        reserved = len(kept) if self.place.is_pool else 0
        assert held.reserved == reserved, f"{held.reserved} places are taken, not {reserved}"

    def _left(self, kept: frozenset[str]) -> list[str]:
        return self.place.left(self._hub.ours.path, kept)

    def _open(self) -> None:
        self._opened += 1
        self._hub = KilledHub(
            self.folder / str(self._opened), self.proxy, self.place, self.story.poll_interval
        )
        self._hub.open()
        self._next()

    def _close(self) -> None:
        self._hub.close()
        self._look().end_processes()


def _soon(see: Callable[[], object], expected: object) -> None:
    """Fail with what is seen, unless it is as expected within ten seconds."""
    with suppress(AssertionError):
        until(lambda: see() == expected, "it is as expected", limit=10)
    seen = see()
    assert seen == expected, f"{seen}, not {expected}"


def in_one_line(results: list[Result]) -> str:
    """The figures of several stories."""
    points = ", ".join(f"{result.story} {len(result.died_at)}" for result in results)
    missed = sum(len(result.missed) for result in results)
    leaks = sum(len(result.problems) for result in results)
    return f"kill points: {points}; came once and not again {missed}; leaks {leaks}"


FIGURES = pytest.StashKey[list[Result]]()
"""Where the tests leave their results for the summary."""
