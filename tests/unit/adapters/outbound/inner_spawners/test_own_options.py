"""An inner spawner applies its own options, as the hub would have it do."""

from typing import Any

import pytest
from tornado.web import HTTPError
from traitlets import Unicode
from traitlets.config import Config

from hub_in_memory import AnyInner, hub_user, outer_of
from multiplespawner.adapters.outbound.inner_spawners.child import make_child
from multiplespawner.adapters.outbound.inner_spawners.hub_inner_spawner import HubInnerSpawner


class WithImage(AnyInner):
    """Has a setting that a user may choose."""

    image = Unicode("plain").tag(config=True)


def chosen(options: dict[str, Any], config: Config | None = None) -> HubInnerSpawner:
    """Return an inner spawner whose user chose these options."""
    settings = outer_of(hub_user(config=config))._settings
    return HubInnerSpawner(settings, make_child(settings, WithImage, {}, options), options, {})


@pytest.mark.parametrize("section", ["WithImage", "Spawner"])
async def test_a_table_of_options_is_applied(section: str) -> None:
    """An administrator says which option sets what, for the class or for all spawners."""
    config = Config({section: {"apply_user_options": {"wish": "image"}}})
    inner = chosen({"wish": "better"}, config)
    await inner.apply_options()
    assert inner.child.image == "better"


async def test_a_function_of_the_class_is_called_once_with_the_child() -> None:
    """It gets the inner spawner's part of what the user chose."""
    calls: list[Any] = []
    config = Config({"WithImage": {"apply_user_options": lambda *given: calls.append(given)}})
    inner = chosen({"wish": "better"}, config)
    await inner.apply_options()
    assert calls == [(inner.child, {"wish": "better"})]


async def test_a_function_for_all_spawners_is_left_to_the_outer_one() -> None:
    """The hub calls it on the outer spawner: hooks run once."""
    calls: list[Any] = []
    config = Config({"Spawner": {"apply_user_options": lambda *given: calls.append(given)}})
    await chosen({"wish": "better"}, config).apply_options()
    assert calls == []


async def test_options_that_do_not_fit_are_refused() -> None:
    """As the hub refuses them: status 400."""
    inner = chosen({"wish": 7}, Config({"WithImage": {"apply_user_options": {"wish": "image"}}}))
    with pytest.raises(HTTPError) as caught:
        await inner.apply_options()
    assert caught.value.status_code == 400
