"""What a server remembers of its last start, in the hub's own row."""

from typing import Any

import pytest
from jupyterhub.spawner import SpawnException

BEFORE = {"offer": "machine", "hardware": {"cpu": 3}, "colour": "green"}


async def begin(outer: Any, options: Any) -> None:
    """Do what the hub does with a request, from its handler to the last step before `start`."""
    outer.handler = object()
    row = outer.orm_spawner
    if options is None:
        options = row.user_options or {}
    else:
        row.user_options = options
    outer.user_options = options
    outer.clear_state()
    await outer._run_apply_user_options(outer.user_options)


@pytest.fixture
def remembering(outer: Any, offers: Any) -> Any:
    """Make the outer spawner of a server that was started with something."""
    offers(hardware={"cpu": {"minimum": 1, "maximum": 4}}, inner_options=["colour"])

    def make(before: Any = BEFORE, **kwargs: Any) -> Any:
        one = outer(**kwargs)
        one.orm_spawner.user_options = before
        one.user.db.commit()
        return outer(**kwargs)

    return make


def test_a_fresh_spawner_knows_the_row(remembering: Any) -> None:
    """As after a restart of the hub."""
    assert remembering().remembered == BEFORE


@pytest.mark.parametrize("options", [{}, None])
async def test_nothing_asked_for_means_what_is_remembered(remembering: Any, options: Any) -> None:
    """Its inner part, too; it stands in the row again, which the hub had written `{}` into."""
    one = remembering()
    await begin(one, options)
    assert one.user_options == one.orm_spawner.user_options == BEFORE
    assert one._chosen.choice.selection.hardware.cpu == 3
    assert one._chosen.choice.inner == {"colour": "green"}


async def test_nothing_asked_for_and_nothing_remembered_stays_nothing(remembering: Any) -> None:
    """The only offer is started, and nothing is added to what was asked for."""
    one = remembering({})
    await begin(one, {})
    assert one.user_options == one.orm_spawner.user_options == {}
    assert one._chosen.choice.selection.hardware.cpu == 1


async def test_what_is_asked_for_takes_the_place_of_what_was(remembering: Any) -> None:
    """As it came in."""
    one = remembering()
    await begin(one, {"hardware": {"cpu": 2}})
    assert one.user_options == one.orm_spawner.user_options == one.remembered == {"hardware": {"cpu": 2}}


async def test_what_is_not_allowed_any_more_is_not_started(remembering: Any) -> None:
    """The only offer is, as if nothing were remembered."""
    one = remembering({**BEFORE, "hardware": {"cpu": 99}})
    await begin(one, {})
    assert one._chosen.choice.selection.hardware.cpu == 1


async def test_what_is_refused_is_not_remembered(remembering: Any) -> None:
    """A mistake by REST does not cost a user their last choice."""
    one = remembering()
    with pytest.raises(SpawnException) as caught:
        await begin(one, {"offer": "nowhere"})
    assert caught.value.reason == "unknown_offer"
    assert one.orm_spawner.user_options == one.remembered == BEFORE


async def test_what_was_put_into_the_row_meanwhile_counts(remembering: Any) -> None:
    """The hub's REST API sets options of a server that doesn't run."""
    one = remembering()
    one.orm_spawner.user_options = {"hardware": {"cpu": 2}}
    await begin(one, {})
    assert one.user_options == {"hardware": {"cpu": 2}}


async def test_each_server_remembers_by_itself(remembering: Any) -> None:
    """Of a user with several servers, and of several users."""
    one = remembering()
    other = remembering({"hardware": {"cpu": 4}}, server_name="other")
    assert (one.remembered, other.remembered) == (BEFORE, {"hardware": {"cpu": 4}})


async def test_what_is_remembered_can_not_be_changed_from_outside(remembering: Any) -> None:
    """Whoever gets it gets a copy."""
    one = remembering()
    one.remembered["hardware"]["cpu"] = 99
    assert one.remembered == BEFORE
