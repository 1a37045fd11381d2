"""A user before the offers of now."""

import json
from types import SimpleNamespace
from typing import Any

from multiplespawner.adapters.inbound.hub.api.choosers import chooser
from multiplespawner.adapters.inbound.hub.api.models import choice_model
from multiplespawner.adapters.inbound.hub.houses import house_of
from multiplespawner.application.ports.provider import Availability


async def test_what_is_remembered_can_be_told(outer: Any, offers: Any) -> None:
    """Also a file that a form of the inner spawner's took."""
    offers(inner_options=True)
    spawner = outer()
    spawner.orm_spawner.user_options = {"file": [{"filename": "a", "body": b"\xff"}]}
    spawner.handler = SimpleNamespace()
    user = SimpleNamespace(name="alice", groups=[], spawner=spawner)
    known = await chooser(await house_of(spawner), user)
    assert json.dumps(known.remembered)
    told = choice_model(known.choose(None), Availability())
    assert json.loads(json.dumps(told))["request"]["file"][0]["filename"] == "a"
