"""What is asked of notebooks and providers, and what a failure there tells."""

from typing import Any

import pytest
from attrs import evolve

from houses import Outside, is_released, of_a_host, until, world_of
from multiplespawner.application.failures import StepFailed
from multiplespawner.application.ports.inner_spawner import Liveness, SpawnFailed
from multiplespawner.application.ports.provider import NotTrusted, Unavailable
from multiplespawner.application.use_cases.start_session import SessionFailed
from multiplespawner.domain.steps import Authenticate, StartSpawner
from multiplespawner.testing.fakes.memory_pool import MemoryPool
from multiplespawner.testing.fakes.scripted_inner_spawners import SpawnerThatStarts


class SpawnerThatTakesNothing(SpawnerThatStarts):
    """Its settings don't take what is known of its resource."""

    async def equip(self, equipment):
        raise SpawnFailed("inner_settings", "This offer is not set up rightly: as scripted.")


async def test_what_does_not_take_its_equipment_is_not_started(outside: Outside) -> None:
    """Code and words are the spawner's."""
    inner = SpawnerThatTakesNothing()
    house, request = outside.house(), outside.request(inner, **of_a_host())
    with pytest.raises(SessionFailed) as failed:
        await house.start(request)
    await until(lambda: is_released(house, request.resource))

    assert failed.value.code == "inner_settings"
    assert "start" not in inner.calls
    await house.close()


async def test_what_is_made_again_and_takes_nothing_is_not_held(outside: Outside) -> None:
    """Nothing is known of the notebook then; it is not gone, and the next poll tries again."""
    house, request = outside.house(), outside.request(**of_a_host())
    await house.start(request)
    outside.spawners.held.clear()
    outside.spawners.after_restart[request.session] = SpawnerThatTakesNothing(running=True)
    world = await world_of(house, request.resource)
    polled = await house.performer.poll(world)

    assert (polled.liveness, polled.detail) == (Liveness.UNKNOWN, "inner_settings")
    assert outside.spawners.of(request.session) is None
    assert await house.poll(request.session) is None
    await house.close()


@pytest.mark.parametrize(
    "error", [NotTrusted("host_key_mismatch", "of ops", "It is another machine."), Unavailable("x")]
)
async def test_a_provider_that_can_not_say_who_configures(
    outside: Outside, error: Any, monkeypatch: Any
) -> None:
    """Its own words for the user where it has some; what it tells administrators stays out of them."""
    house, request = outside.house(), outside.request(**of_a_host())
    await house.start(request)
    world = await world_of(house, request.resource)

    async def fails(_: str) -> Any:
        raise error

    monkeypatch.setattr(outside.provider, "get", fails)
    with pytest.raises(StepFailed) as failed:
        await house.performer.perform(Authenticate(), world)

    assert failed.value.failure.code == error.code
    assert failed.value.failure.message
    assert "of ops" not in failed.value.failure.message
    await house.close()


async def test_a_machine_that_left_the_pool_can_not_be_asked(outside: Outside) -> None:
    """Steps fail in words, to be tried again; of the notebook nothing is known."""
    outside.provider = MemoryPool()
    house, request = outside.house(), outside.request(**of_a_host())
    await house.start(request)
    world = await world_of(house, request.resource)
    outside.provider.take_out("one")
    outside.spawners.held.clear()
    with pytest.raises(StepFailed) as failed:
        await house.performer.perform(StartSpawner(), world)
    polled = await house.performer.poll(world)

    assert (failed.value.failure.code, failed.value.may_retry) == ("provider_missing", True)
    assert polled.liveness is Liveness.UNKNOWN
    await house.close()


async def test_a_document_that_is_gone_is_told(outside: Outside) -> None:
    """Nothing can be entered without it; what is there is given back all the same."""
    house, request = outside.house(), outside.request(**of_a_host())
    await house.start(request)
    world = await world_of(house, request.resource)
    await outside.private.forget(f"deployment/{world.deployment_id}/spawner")
    with pytest.raises(StepFailed) as failed:
        await house.performer.entering.authenticate(world, None)
    assert failed.value.failure.code == "document_missing"
    await house.stop(request.session, "user", "stopped")
    await until(lambda: is_released(house, request.resource))
    await house.driver.settled()

    assert outside.provider.instances == {}
    assert await outside.private.keys() == ()
    await house.close()


async def test_equipment_is_of_the_resource_as_it_is(outside: Outside) -> None:
    """Where nobody knows an address, none is filled in."""
    house, request = outside.house(), outside.request(**of_a_host())
    await house.start(request)
    world = await world_of(house, request.resource)
    nowhere = evolve(world, resource=evolve(world.resource, endpoint=None))
    document = of_a_host()["document"]

    assert (await house.performer.entering.names(world, document))["endpoint"] == "192.0.2.2"
    assert "endpoint" not in await house.performer.entering.names(nowhere, document)
    await house.close()
