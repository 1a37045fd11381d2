"""Whatever is sent to start a server, an offer is chosen or the request refused with a code."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from multiplespawner.adapters.inbound.hub.api.bodies import read_json
from multiplespawner.adapters.inbound.hub.choosing import choose_for
from multiplespawner.adapters.inbound.hub.houses import house_of
from multiplespawner.domain.refusals import Refusal
from offer_strategies import bodies

RICH = {
    "hardware": {"cpu": {"minimum": 1, "maximum": 4}, "gpu": {"minimum": 0, "maximum": 2}, "gpu_kind": ["a"]},
    "lifetime": {"default": 30, "maximum": 90},
    "options": [
        {"name": "a", "type": "choice", "choices": ["x", 1], "default": 1},
        {"name": "b", "type": "text", "pattern": "[a-z]+"},
    ],
}


@pytest.fixture(params=[False, True], ids=["all known", "any inner options"])
async def spawner(outer: Any, offers: Any, request: pytest.FixtureRequest) -> Any:
    """One with an offer in which everything can be chosen."""
    offers(**RICH, inner_options=request.param)
    made = outer()
    await house_of(made)
    return made


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
async def test_every_body_is_accepted_or_refused(spawner: Any, data: st.DataObject) -> None:
    """By the very steps of a start, up to and with the inner spawner."""
    house = await house_of(spawner)
    known = list(house.ports.configurations.current.offers)
    body = data.draw(bodies(known))
    try:
        asked = read_json(json.dumps(body).encode())
        if isinstance(asked, dict):
            chosen = await choose_for(spawner, house, asked)
            assert chosen.choice.offer == known[0]
            event("accepted")
    except Refusal as refusal:
        assert refusal.code != Refusal.code  # noqa: PT017 - or nothing is raised
        event("refused")
