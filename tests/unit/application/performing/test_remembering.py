"""A machine that is set up as a start wants it is not set up again, whichever lease it is rented with."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from houses import Outside, is_released, of_a_host, until, world_of
from multiplespawner.application.house import House
from multiplespawner.application.ports.provider import Unavailable
from multiplespawner.application.use_cases.start_session import SessionFailed
from multiplespawner.domain.deployment import ConfigurerStarting
from multiplespawner.testing.fakes.memory_configurer import (
    ConfigurerThatFails,
    MemoryConfigurer,
    MemoryConfigurerSettings,
)
from multiplespawner.testing.fakes.memory_pool import MemoryMachine, a_member
from multiplespawner.testing.fakes.scripted_inner_spawners import SpawnerThatFailsToStart

OTHER = MemoryConfigurerSettings(tasks=("Remove what others made",))
"""Another recipe."""


class MachineThatForgets(MemoryMachine):
    """Can't be asked to remember anything."""

    async def keep_applied(self, id, digest):  # noqa: A002 - the port's word
        raise Unavailable("a secret")

    async def forget_applied(self, id, digest):  # noqa: A002
        raise RuntimeError("a secret")


@pytest.fixture
def machine(outside: Outside) -> MemoryMachine:
    """What is rented, again and again."""
    outside.provider = MemoryMachine(a_member("one"))
    return outside.provider


@pytest.fixture
async def house(outside: Outside, machine: MemoryMachine) -> AsyncIterator[House]:
    """One that rents it."""
    made = outside.house()
    yield made
    await made.close()


async def begun(outside: Outside, house: House, user: str = "ann", inner: Any = None, **changes: Any) -> str:
    """Start a server, with the digests that its document has; the resource's id."""
    said = of_a_host(user, **changes)
    digest = (await house.performer.configuring.digests(said["document"])).configurer
    request = outside.request(inner, **{**said, "configurer": digest})
    await house.start(request)
    return request.resource


async def lived(outside: Outside, house: House, user: str = "ann", **changes: Any) -> bool:
    """Start a server and stop it; whether the machine was set up for it."""
    before = times(outside)
    resource = await begun(outside, house, user, **changes)
    world = await world_of(house, resource)
    assert world.resource.configured == world.deployment.configurer is not None
    await house.stop(world.session_id, "user", "stopped")
    await until(lambda: is_released(house, resource))
    return times(outside) > before


def times(outside: Outside) -> int:
    """How often something was set up, or was to be."""
    return sum(isinstance(record.fact, ConfigurerStarting) for record in outside.log._records)


async def test_the_second_start_of_a_user_needs_no_setting_up(
    outside: Outside, house: House, configurer: MemoryConfigurer
) -> None:
    """It stands in the log that the machine is set up; nothing is applied."""
    assert await lived(outside, house)
    assert not await lived(outside, house)
    assert len(configurer.applied) == 1


async def test_another_user_needs_it_and_undoes_nothing(outside: Outside, house: House) -> None:
    """Each has an account of their own."""
    assert await lived(outside, house)
    assert await lived(outside, house, "ben")
    assert not await lived(outside, house)
    assert not await lived(outside, house, "ben")


@pytest.mark.parametrize(
    "changes",
    [
        {"configurer": {"class": "a.Other", "settings": {}}},
        {"names": {"JUPYTERHUB_USER": "ann", "option.version": "2"}},
    ],
    ids=["recipe", "option"],
)
async def test_what_another_recipe_may_undo_is_applied_again(
    outside: Outside, house: House, changes: dict[str, Any]
) -> None:
    """Or another choice of a user's."""
    outside.components.configurers["a.Other"] = MemoryConfigurer(OTHER)
    assert await lived(outside, house)
    assert await lived(outside, house, **changes)
    assert not await lived(outside, house, **changes)
    assert await lived(outside, house)


async def test_another_account_of_the_same_user_needs_it(outside: Outside, house: House) -> None:
    """The recipe gets it without that its settings say so."""
    assert await lived(outside, house)
    assert await lived(outside, house, account={"name": "nb-ann", "mode": "create"})
    assert not await lived(outside, house)


async def test_half_of_another_recipe_counts(outside: Outside, house: House) -> None:
    """What it undid before it failed is not known."""
    outside.components.configurers["a.Other"] = ConfigurerThatFails(OTHER)
    assert await lived(outside, house)
    with pytest.raises(SessionFailed):
        await begun(outside, house, configurer={"class": "a.Other", "settings": {}})
    await until(lambda: not outside.provider.instances)
    assert await lived(outside, house)


async def test_what_a_notebook_can_not_be_started_with_is_applied_again(
    outside: Outside, house: House, machine: MemoryMachine
) -> None:
    """Somebody may have removed the account by hand."""
    assert await lived(outside, house)
    with pytest.raises(SessionFailed):
        await begun(outside, house, inner=SpawnerThatFailsToStart())
    assert machine.applied == ()
    await until(lambda: not outside.provider.instances)
    assert await lived(outside, house)


async def test_no_start_fails_for_a_machine_that_remembers_nothing(
    outside: Outside, caplog: pytest.LogCaptureFixture
) -> None:
    """It is told to administrators, without what the error says."""
    outside.provider = MachineThatForgets(a_member("one"))
    house = outside.house()
    assert await lived(outside, house)
    assert await lived(outside, house)
    told = [record.getMessage() for record in caplog.records if "not remembered" in record.getMessage()]
    assert len(told) == 4
    assert "secret" not in caplog.text
    await house.close()
