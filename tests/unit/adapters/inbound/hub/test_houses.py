"""A house that can't be opened is closed again, and not built anew at each poll."""

import json
from types import SimpleNamespace
from typing import Any

import pytest
from jupyterhub.apihandlers.base import APIHandler

from multiplespawner import bootstrap
from multiplespawner.adapters.inbound.hub import houses
from multiplespawner.adapters.inbound.hub.houses import house_of
from multiplespawner.application.ports.event_log import LogUnavailable
from multiplespawner.application.use_cases.refresh_configuration import RefreshConfiguration
from multiplespawner.application.views.open_resources import OpenResources


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Every house that was built."""
    made: list[Any] = []

    def build(*args: Any, **kwargs: Any) -> Any:
        made.append(real(*args, **kwargs))
        return made[-1]

    real = bootstrap.build
    monkeypatch.setattr(bootstrap, "build", build)
    return made


async def test_a_house_that_fails_is_closed_and_not_built_again_at_once(
    outer: Any, built: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever asks within some seconds gets the same error; afterwards it is tried again."""
    failure = RuntimeError("broken")

    async def broken(_: Any) -> None:
        raise failure

    refresh = RefreshConfiguration.__call__
    monkeypatch.setattr(RefreshConfiguration, "__call__", broken)
    depths = set()
    for _ in range(3):
        with pytest.raises(RuntimeError) as error:
            await house_of(outer())
        assert error.value is failure
        depths.add(len(error.traceback))
    assert len(depths) == 1
    assert len(built) == 1
    with pytest.raises(LogUnavailable):
        await built[0].ports.log.position()
    monkeypatch.setattr(RefreshConfiguration, "__call__", refresh)
    monkeypatch.setattr(houses, "OPEN_AGAIN_AFTER", 0)
    assert await house_of(outer()) is built[1]


async def test_who_asks_for_a_house_that_fails_is_told_what_to_do(outer: Any, tmp_path: Any) -> None:
    """The hub's pages and API show these words beside status 500, and otherwise nothing."""
    (tmp_path / "no-folder").touch()
    with pytest.raises(LogUnavailable) as error:
        await house_of(outer(event_log=str(tmp_path / "no-folder" / "events.sqlite")))
    handler = SimpleNamespace(set_header=lambda *_: None, write=(written := []).append)
    APIHandler.write_error(handler, 500, exc_info=(None, error.value, None))
    assert json.loads(written[0])["message"] == houses.NOT_OPEN


async def test_the_log_of_facts_starts_without_what_it_can_t_learn(
    outer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is a convenience: a hub works without it."""

    async def broken(_: Any) -> None:
        raise LogUnavailable("away")

    monkeypatch.setattr(OpenResources, "held", broken)
    assert await house_of(outer(log_format="json")) is not None
