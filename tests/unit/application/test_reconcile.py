"""Taking over what a dead process left behind, on fakes."""

import asyncio

import pytest

from houses import Outside, is_released, until, world_of
from multiplespawner.application.ports.claims import ClaimsUnavailable
from multiplespawner.application.ports.event_log import LogDamaged
from multiplespawner.application.reaping import TOO_MANY
from multiplespawner.application.trust import LogNotTrusted
from multiplespawner.domain.session import SessionPhase
from multiplespawner.testing.fakes.faulty_event_logs import LogInFront
from multiplespawner.testing.fakes.faulty_providers import ProviderThatIsDown, ProviderThatOnlyWatches
from multiplespawner.testing.fakes.scripted_inner_spawners import SpawnerThatNeverStarts, SpawnerThatStarts


@pytest.fixture
def outside() -> Outside:
    """Where the inner spawner itself allocates."""
    return Outside(provider=ProviderThatOnlyWatches())


async def crash(outside: Outside, house) -> None:
    """End the house as a kill does: nothing of it goes on, nothing of it is told."""
    await house.driver.close()
    house.watching.close()
    outside.rivals.clear()
    outside.spawners.after_restart.update(outside.spawners.held)
    outside.spawners.held.clear()


async def test_a_running_session_is_adopted(outside: Outside) -> None:
    """Its spawner is made again from the private store, and polled."""
    house, inner = outside.house(), SpawnerThatStarts()
    request = outside.request(inner)
    await house.start(request)
    await crash(outside, house)
    again = outside.house()
    found = await again.reconcile()

    assert found.driven == (request.resource,)
    assert await again.poll(request.session) is None
    assert outside.spawners.documents[request.session]["state"] == {"id": "scripted"}
    await again.close()


async def test_a_notebook_that_ended_meanwhile_ends_its_session(outside: Outside) -> None:
    """Nobody has to ask for it."""
    house, inner = outside.house(), SpawnerThatStarts()
    request = outside.request(inner)
    await house.start(request)
    await crash(outside, house)
    inner.exit(9)
    again = outside.house()
    await again.reconcile()
    await until(lambda: is_released(again, request.resource))

    assert await again.poll(request.session) == 9
    await again.close()


async def test_an_unfinished_start_is_interrupted(outside: Outside) -> None:
    """It goes backwards and the next start is possible."""
    house, inner = outside.house(), SpawnerThatNeverStarts()
    request = outside.request(inner)
    start = asyncio.create_task(house.start(request))
    await inner.begun.wait()
    await crash(outside, house)
    start.cancel()
    again = outside.house()
    await again.reconcile()
    await until(lambda: is_released(again, request.resource))
    session = (await world_of(again, request.resource)).session
    after = await again.start(outside.request())

    assert session.phase is SessionPhase.FAILED
    assert session.reason in ("interrupted", "start_cancelled")
    assert not inner.running
    assert after.phase is SessionPhase.RUNNING
    await again.close()


async def test_what_another_process_drives_is_left_to_it(outside: Outside) -> None:
    """Its claim is held."""
    house, inner = outside.house(), SpawnerThatNeverStarts()
    start = asyncio.create_task(house.start(outside.request(inner)))
    await inner.begun.wait()
    other = outside.house()
    await other.reconcile()
    await other.driver.settled()

    assert inner.running
    assert not start.done()
    start.cancel()
    await asyncio.wait({start})
    await house.close()
    await other.close()


async def test_sessions_of_another_hub_are_not_driven(outside: Outside) -> None:
    """Each hub drives its own."""
    house = outside.house()
    await house.start(outside.request())
    await crash(outside, house)
    other = outside.house(hub="other")

    assert (await other.reconcile()).driven == ()
    await other.close()


async def test_orphans_are_destroyed() -> None:
    """What is tagged as ours and unknown to the log is gone after a round; what is not ours stays."""
    outside = Outside()
    ours = outside.provider.rent_another(f"{outside.log.owner}-forgotten")
    foreign = outside.provider.rent_another("f" * 16 + "-forgotten")
    house = outside.house()
    found = await house.reconcile()

    assert found.reaped[0].destroyed == (ours.id,)
    assert list(outside.provider.instances) == [foreign.id]
    await house.close()


async def test_too_many_orphans_at_once_stop_the_reaper() -> None:
    """Then we rather believe that the log is wrong."""
    outside = Outside()
    for number in range(TOO_MANY):
        outside.provider.rent_another(f"{outside.log.owner}-{number}")
    house = outside.house()
    found = await house.reconcile()

    assert len(found.reaped[0].left) == TOO_MANY
    assert len(outside.provider.instances) == TOO_MANY
    await house.close()


async def test_a_provider_that_is_down_does_not_stop_the_round(outside: Outside) -> None:
    """It is told, and asked again in the next one."""
    down = Outside(provider=ProviderThatIsDown())
    house = down.house()
    found = await house.reconcile()

    assert found.reaped[0].failed is not None
    await house.close()


async def test_leftovers_in_the_private_store_are_destroyed(outside: Outside) -> None:
    """A document whose request never became durable; but not one whose request is on its way."""
    await outside.private.put("deployment/forgotten/spawner", {"secret": 1})
    await outside.private.put("deployment/coming/spawner", {"secret": 2})
    house = outside.house()
    async with house.start.coming.begun("coming"):
        await house.reconcile()
        assert await outside.private.keys() == ("deployment/coming/spawner",)
    await house.reconcile()

    assert await outside.private.keys() == ()
    await house.close()


class LogOfWhichNobodyHearsYet(LogInFront):
    """Waits with its first append until it is told to go on."""

    def __init__(self, log) -> None:
        super().__init__(log)
        self.reached, self.goes_on = asyncio.Event(), asyncio.Event()

    async def append(self, changes, origin):
        self.reached.set()
        await self.goes_on.wait()
        return await super().append(changes, origin)


@pytest.mark.parametrize("hub", [None, "another"])
async def test_a_process_beside_the_hub_keeps_what_the_hub_is_requesting(
    outside: Outside, hub: str | None
) -> None:
    """The documents are there before the log tells of them, and nobody else could make them again."""
    beside = outside.house(hub, stays=False)
    outside.log = LogOfWhichNobodyHearsYet(outside.log)
    house, request = outside.house(), outside.request()
    start = asyncio.create_task(house.start(request))
    await outside.log.reached.wait()
    kept = await outside.private.keys()
    await beside.reconcile()

    assert len(kept) == 1
    assert await outside.private.keys() == kept
    outside.log.goes_on.set()
    assert (await start).phase is SessionPhase.RUNNING
    await beside.reconcile()
    assert set(kept) < set(await outside.private.keys())
    await house.close()
    await beside.close()


async def test_what_a_dead_hub_was_requesting_is_destroyed_by_the_first_round(outside: Outside) -> None:
    """Its claim ended with it: nobody has to wait until the documents are old."""
    beside = outside.house(None, stays=False)
    outside.log = LogOfWhichNobodyHearsYet(outside.log)
    house = outside.house()
    start = asyncio.create_task(house.start(outside.request()))
    await outside.log.reached.wait()
    await crash(outside, house)
    await beside.reconcile()

    assert await outside.private.keys() == ()
    start.cancel()
    outside.log.goes_on.set()
    await asyncio.wait({start})
    await house.close()
    await beside.close()


async def test_nothing_is_destroyed_while_nobody_knows_who_requests_it(outside: Outside) -> None:
    """It is looked at again in the next round."""
    await outside.private.put("deployment/forgotten/spawner", {"secret": 1})
    house = outside.house()
    take, house.ports.claims.take = house.ports.claims.take, refuse
    await house.reconcile()
    kept = await outside.private.keys()
    house.ports.claims.take = take
    await house.reconcile()

    assert len(kept) == 1
    assert await outside.private.keys() == ()
    await house.close()


async def refuse(resource: str) -> bool:
    """As a database that is away."""
    raise ClaimsUnavailable("as scripted")


async def test_a_session_requested_during_a_round_keeps_its_documents(outside: Outside) -> None:
    """Whatever the round has read before."""
    house = outside.house()
    list_owned, request = outside.provider.list_owned, outside.request()

    async def and_start(owner: str):
        await house.start(request)
        return await list_owned(owner)

    outside.provider.list_owned = and_start
    await house.reconcile()

    assert len(await outside.private.keys()) == 2
    await house.close()


async def test_one_damaged_stream_does_not_keep_the_others_waiting(outside: Outside) -> None:
    """It is told and passed over."""
    house = outside.house()
    first, second = outside.request(), outside.request()
    await house.start(first)
    await house.start(second)
    await crash(outside, house)
    read = outside.log.read

    async def damaged(stream: str, after: int = 0, limit: int | None = None):
        if stream == f"resource:{first.resource}":
            raise LogDamaged("as scripted", stream, 1, 1)
        return await read(stream, after, limit)

    outside.log.read = damaged
    again = outside.house()
    found = await again.reconcile()

    assert found.driven == (second.resource,)
    assert [reaped.provider for reaped in found.reaped] == ["memory"]
    outside.log.read = read
    await again.close()


async def test_a_living_hub_keeps_what_another_process_can_not_see(outside: Outside) -> None:
    """The claim comes first: without it nobody polls, and nobody says that it is gone."""
    house, inner = outside.house(), SpawnerThatStarts()
    request = outside.request(inner)
    await house.start(request)
    held = dict(outside.spawners.held)
    outside.spawners.held.clear()
    other = outside.house(hub=None)
    await other.reconcile()
    await other.driver.settled()
    await other.driver.close()
    outside.spawners.held.update(held)

    assert await house.poll(request.session) is None
    assert not (await world_of(house, request.resource)).session.is_over
    await house.close()


async def test_a_visitor_lets_go_of_what_runs(outside: Outside) -> None:
    """A process that does not stay gives the claim back, for the hub to take."""
    house = outside.house()
    request = outside.request()
    await house.start(request)
    await crash(outside, house)
    outside.spawners.held.update(outside.spawners.after_restart)
    visitor = outside.house(hub=None, stays=False)
    await visitor.reconcile()
    await until(lambda: not visitor.driver.drives(request.resource))
    again = outside.house()
    await again.reconcile()
    await again.driver.settled()
    session = await again.stop(request.session, "hub", "stopped", limit=5)

    assert session.is_over
    await visitor.close()
    await again.close()


async def test_a_copied_log_is_only_observed_until_it_is_adopted(outside: Outside) -> None:
    """Nothing is started, ended or destroyed on its word; then an administrator says that it is right."""
    house, inner = outside.house(), SpawnerThatNeverStarts()
    start = asyncio.create_task(house.start(outside.request(inner)))
    await inner.begun.wait()
    await crash(outside, house)
    start.cancel()
    await asyncio.wait({start})
    outside.custody.place = "elsewhere"
    copied = outside.house()
    found = await copied.reconcile()
    with pytest.raises(LogNotTrusted):
        await copied.start(outside.request())
    await copied.driver.settled()
    untouched = inner.running
    await outside.custody.adopt(outside.log.owner, await outside.log.position())
    adopted = outside.house()
    again = await adopted.reconcile()
    await until(lambda: not inner.running)

    assert found.doubt is not None
    assert (found.driven, found.reaped) == ((), ())
    assert untouched
    assert again.doubt is None
    await copied.close()
    await adopted.close()


async def test_a_running_session_that_nobody_points_to_is_ended(outside: Outside) -> None:
    """Such as after the hub's database was lost: nobody could ever stop it."""
    house, inner = outside.house(), SpawnerThatStarts()
    request = outside.request(inner)
    await house.start(request)
    await crash(outside, house)
    outside.spawners.unexpected.add(request.session)
    again = outside.house()
    await again.reconcile()
    await until(lambda: is_released(again, request.resource))

    assert (await world_of(again, request.resource)).session.reason == "not_expected"
    assert not inner.running
    await again.close()


async def test_a_round_does_not_take_over_what_is_just_being_requested(outside: Outside) -> None:
    """Between the durable request and its drive a round finds it open, and must leave it alone."""

    class RoundAfterAppend(LogInFront):
        house = None

        async def append(self, changes, origin):
            records = await super().append(changes, origin)
            if self.house is not None and records[0].name == "session.requested":
                await self.house.reconcile()
            return records

    outside.log = RoundAfterAppend(outside.log)
    outside.log.house = house = outside.house()
    session = await house.start(outside.request())

    assert session.phase is SessionPhase.RUNNING
    await house.close()
