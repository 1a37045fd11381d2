"""An outer spawner of a hub in memory, with a house on real adapters in a folder."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from hub_in_memory import hub_user, prepared
from multiplespawner.adapters.inbound.hub import MultipleSpawner, forms, houses
from multiplespawner.domain.offers import Offer
from offer_pages import House, forms_for

INNER = "outer_children.Quiet"


@pytest.fixture
def offers(tmp_path: Path) -> Callable[..., None]:
    """Write the configuration, with one template."""

    def write(**template: Any) -> None:
        said = {"name": "T", "resource_type": "bare_metal", "providers": ["local"]}
        spawner = {"class": INNER, "kwargs": {}}
        (tmp_path / "spawner_templates.json").write_text(
            json.dumps([{**said, "spawner": spawner, **template}])
        )
        (tmp_path / "spawner_deployment.json").write_text(json.dumps({"bare_metal": [{"name": "machine"}]}))

    write()
    return write


@pytest.fixture
def outer(tmp_path: Path, offers: Callable[..., None]) -> Callable[..., MultipleSpawner]:
    """Make the outer spawner of a user's server as the hub does, just before it calls `start`."""
    users: dict[str, Any] = {}

    def make(name: str = "alice", **kwargs: Any) -> MultipleSpawner:
        user = users.setdefault(name, hub_user(name))
        settings = {"directory": str(tmp_path), "log_format": "none", **kwargs}
        made = prepared(user, MultipleSpawner, **settings)
        assert isinstance(made, MultipleSpawner)
        return made

    return make


@pytest.fixture
def form(monkeypatch: pytest.MonkeyPatch) -> Callable[..., forms.Forms]:
    """Make the forms of somebody to whom these offers are made."""

    def make(*offers: Offer, free: Any = None, refused: Any = None, **given: Any) -> forms.Forms:
        house = House(offers, free)
        house.configurations.refused = refused

        async def house_of(_: Any) -> Any:
            return house

        monkeypatch.setattr(forms, "house_of", house_of)
        return forms_for(**given)

    return make


@pytest.fixture(autouse=True)
async def closed_houses() -> AsyncIterator[None]:
    """Close what a test opened."""
    yield
    for opening in houses._houses._opening.get(asyncio.get_running_loop(), {}).values():
        if not opening.has_failed:
            await (await opening.task).close()
