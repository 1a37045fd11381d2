"""A house that dies at any call of any port leaves nothing behind that the next one does not see to."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from attrs import field, frozen

from functional.town_hosts import PoolOfTwo
from functional.towns import Life, Script, Town
from multiplespawner.application.house import House
from multiplespawner.application.ledger import Ledger
from multiplespawner.application.ports.event_log import Record
from multiplespawner.application.use_cases.start_session import SessionFailed
from multiplespawner.application.verify_log import verify_log
from multiplespawner.domain.allowance import Allowance, fold
from multiplespawner.domain.world import World
from multiplespawner.testing.fakes.faulty_providers import (
    ProviderThatIsDown,
    ProviderThatLosesReplies,
    ProviderThatOnlyWatches,
)
from multiplespawner.testing.fakes.memory_provider import MemoryProvider


class ProviderThatIsDownAtFirst(ProviderThatIsDown):
    """Can't be reached for its first two calls."""

    def __init__(self, settings=None):
        super().__init__(settings, calls=2)


class WatcherThatIsDownAtFirst(ProviderThatIsDownAtFirst):
    """Rents nothing itself, and can't be reached for its first two calls."""

    allocates = False


PROVIDERS = (
    MemoryProvider,
    ProviderThatOnlyWatches,
    ProviderThatLosesReplies,
    ProviderThatIsDownAtFirst,
    WatcherThatIsDownAtFirst,
    PoolOfTwo,
)


@frozen
class Story:
    """What happens before the crash may come, and while it may."""

    name: str
    life: Callable[[Town], Life]
    before: Callable[[Town], Life] | None = None
    script: Callable[[], Script] = Script
    """How inner spawners behave until the crash."""
    facts: tuple[str, ...] = field(default=())
    """Facts without which the story was not told."""


def starts(town, lifetime=None):
    """A start; that it fails is no failure of the story."""

    async def life(house: House):
        with suppress(SessionFailed):
            await house.start(town.request(house, lifetime))

    return life


def is_found_again(town):
    """Two rounds of reconciling, and a poll."""

    async def life(house: House):
        await house.reconcile()
        await house.poll(last_session(town))
        await house.reconcile()

    return life


def stops(town):
    """A stop of what another process started."""

    async def life(house: House):
        await house.reconcile()
        await house.stop(last_session(town), "user", "stopped")

    return life


def is_cancelled(town):
    """A start that is cancelled once its notebook has begun."""

    async def life(house: House):
        town.begun.clear()
        start = asyncio.create_task(house.start(town.request(house)))
        waits = {start, asyncio.create_task(town.begun.wait())}
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        start.cancel()
        await asyncio.wait({start})

    return life


def exits(town):
    """A notebook that ends by itself and is polled."""

    async def life(house: House):
        await house.reconcile()
        town.notebooks.running.clear()
        if not town.provider.allocates:
            town.provider.instances.clear()
        await house.poll(last_session(town))

    return life


def expires(town):
    """A notebook whose time is over."""

    async def life(house: House):
        await house.reconcile()
        town.clock.advance(timedelta(days=11))
        await house.driver.settled()

    return life


def begun(town):
    """A running server whose time is limited."""
    return starts(town, lifetime=10 * 24 * 60)


STORIES = (
    Story("start", starts, facts=("session.started",)),
    Story("run", is_found_again, begun),
    Story("stop", stops, begun, facts=("session.ended", "resource.released")),
    Story(
        "stop that fails",
        stops,
        begun,
        lambda: Script(failing_stops=2),
        facts=("deployment.spawner_stop_failed", "resource.released"),
    ),
    Story(
        "stop that fails too often",
        stops,
        begun,
        lambda: Script(failing_stops=9),
        facts=("deployment.spawner_stop_failed", "resource.released"),
    ),
    Story("cancel", is_cancelled, script=lambda: Script(never_returns=True), facts=("session.failed",)),
    Story("start that fails", starts, script=lambda: Script(fails=True), facts=("session.failed",)),
    Story("exit", exits, begun, facts=("deployment.spawner_exited", "session.ended")),
    Story("expiry", expires, begun, facts=("session.stop_requested", "session.ended")),
)


HOST_STORIES = (
    Story(
        "host that lets nobody in",
        starts,
        script=lambda: Script(lets_nobody_in=True),
        facts=("deployment.authenticator_failed", "session.failed"),
    ),
    Story(
        "host that can't be set up",
        starts,
        script=lambda: Script(can_not_be_set_up=True),
        facts=("deployment.configurer_failed", "session.failed"),
    ),
    Story(
        "cancel while a host is set up",
        is_cancelled,
        script=lambda: Script(setup_never_ends=True),
        facts=("deployment.configurer_starting", "session.failed"),
    ),
    Story(
        "keys that can't be withdrawn at once",
        stops,
        begun,
        lambda: Script(failing_withdrawals=2),
        facts=("deployment.withdraw_failed", "resource.released"),
    ),
)

TOLD = (
    *((provider, story) for provider in PROVIDERS for story in STORIES),
    *((PoolOfTwo, story) for story in HOST_STORIES),
)


def last_session(town) -> str:
    """Id of the session that was requested last."""
    return [r.stream for r in records(town) if r.name == "session.requested"][-1].removeprefix("session:")


def records(town) -> list[Record]:
    """The whole log."""
    return town.log._records


async def one_more(house: House):
    """Two rounds of reconciling: what was about to be requested is left alone by the first."""
    await house.reconcile()
    await house.reconcile()


async def worlds(town) -> list[World]:
    """Of all sessions that were ever requested, oldest first."""
    ledger = Ledger(town.log)
    ids = [r.stream.removeprefix("session:") for r in records(town) if r.name == "session.requested"]
    return [(await ledger.world((await ledger.session(id_)).resource or "")).world for id_ in ids]


async def living(town) -> set[str]:
    """Sessions whose notebook was told to run, runs, and is not to end: by their tokens."""
    now = town.clock.now()
    known = [w for w in await worlds(town) if w.session.address and w.session.is_active]
    known = [w for w in known if w.session.deadline is None or now < w.session.deadline]
    meant = {w.resource.token for w in known if not w.session.stop and not w.deployment.is_ending}
    return meant & {t for n, t in town.notebooks.running.items() if town.notebooks.runs(n)}


async def check(town, kept: set[str]):
    """All that must hold when it is quiet: `kept` runs, nothing else is held, each end has a reason."""
    known = await worlds(town)
    assert {w.resource.token for w in known if w.session.is_active} == kept
    assert await living(town) == kept
    assert sorted(i.token for i in town.provider.instances.values()) == sorted(kept)
    assert all(w.session.reason for w in known if w.session.is_over)
    assert all(w.resource.is_open == w.session.is_active for w in known)
    assert reserved(town) == {w.resource_id for w in known if w.session.is_active}
    open_deployments = {w.deployment_id for w in known if w.session.is_active}
    assert {key.split("/")[1] for key in await town.private.keys()} == open_deployments
    assert folders(town) == {(id_, "ssh") for id_ in open_deployments if town.is_entered}
    assert await verify_log(town.log) is None


def reserved(town) -> set[str]:
    """Resources that count against a pool or one of its machines."""
    told: dict[str, list] = {}
    for record in records(town):
        if record.stream.startswith("pool:"):
            told.setdefault(record.stream, []).append(record.fact)
    return {resource for facts in told.values() for resource in fold(Allowance(), facts).reservations}


def folders(town) -> set[tuple[str, str]]:
    """Folders with credentials or whatever else is private, as (deployment, name)."""
    root = town.private._folder
    return {path.parts[-2:] for path in Path(root.name).glob("deployment/*/*")} if root else set()


async def prepared(story: Story, provider) -> Town:
    """The story as far as nothing crashes."""
    town = Town(provider, is_entered=provider is PoolOfTwo)
    if story.before is not None:
        await town.live(story.before(town))
    town.script = story.script()
    return town


async def crash(story: Story, provider, fatal: str | None) -> list[str]:
    """Tell the story up to a crash, and see that the next house sees to everything; the points reached."""
    town = await prepared(story, provider)
    told = await town.live(story.life(town), fatal)
    if fatal is None:
        assert set(story.facts) <= {record.name for record in records(town)}
    town.script = Script()
    kept = await living(town)
    await town.live(one_more)
    await check(town, kept)
    await next_start(town)
    return told


async def next_start(town):
    """Who still has a server stops it; then a server starts and stops, with nothing left."""
    await town.live(stops(town) if records(town) else one_more)
    await check(town, set())
    await town.live(starts(town))
    await check(town, {(await worlds(town))[-1].resource.token})
    await town.live(stops(town))
    await check(town, set())


@pytest.mark.parametrize(
    ("provider", "story"), TOLD, ids=lambda each: getattr(each, "__name__", None) or each.name
)
async def test_nothing_is_left_wherever_it_dies(provider, story):
    """Every point that any run comes to is died at once, until no run finds a new one."""
    known, died_at = dict.fromkeys(await crash(story, provider, None)), set[str]()
    while left := [point for point in known if point not in died_at]:
        for fatal in left:
            died_at.add(fatal)
            told = await crash(story, provider, fatal)
            assert fatal in told
            known.update(dict.fromkeys(told))
    assert len(died_at) > 10


async def test_what_a_provider_makes_too_late_is_destroyed():
    """A request that reached the provider when its sender and its resource were gone leaves nothing."""
    town = Town(MemoryProvider)
    await town.live(starts(town))
    await town.live(stops(town))
    town.provider.rent_another((await worlds(town))[-1].resource.token)
    await town.live(one_more)
    await check(town, set())
