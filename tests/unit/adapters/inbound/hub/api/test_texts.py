"""What is told of offers is written once for all who may choose the same."""

import json
from typing import Any

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from multiplespawner.adapters.inbound.hub.api.choosers import Chooser
from multiplespawner.adapters.inbound.hub.api.models import offer_model
from multiplespawner.adapters.inbound.hub.api.texts import MOST, Texts, pieces
from multiplespawner.domain.offers import schema
from offer_strategies import JSON, PLAIN

OTHER = evolve(PLAIN, id="local/Other/machine")
ANN = Chooser("digest", (PLAIN, OTHER), "ann", frozenset(), {})


def test_it_is_written_once() -> None:
    """An offer for all, a schema for all with the same offers."""
    texts = Texts("digest")
    first, offer = texts.schema(ANN), texts.offer(PLAIN)
    assert json.loads(first) == schema(ANN.offers, empty=False)
    assert json.loads(offer) == offer_model(PLAIN)
    assert texts.schema(evolve(ANN, name="bob")) is first
    assert texts.offer(PLAIN) is offer


def test_what_may_be_said_decides_on_the_schema() -> None:
    """Other offers, or something remembered, make another one."""
    texts = Texts("digest")
    for other in (evolve(ANN, offers=(PLAIN,)), evolve(ANN, remembered={"offer": PLAIN.id})):
        assert other.may_say_nothing
        assert json.loads(texts.schema(other)) == schema(other.offers, empty=True)
        assert texts.schema(other) != texts.schema(ANN)


def test_only_so_many_schemas_are_kept() -> None:
    """A hub with a thousand groups doesn't fill its memory."""
    texts = Texts("digest")
    for number in range(MOST + 1):
        texts.schema(evolve(ANN, offers=(evolve(PLAIN, id=f"local/{number}/machine"),)))
    assert len(texts._schemas) == 1


def test_what_others_push_out_meanwhile_is_told_all_the_same() -> None:
    """Several users ask at once, each in a thread of their own."""

    class Pushed(dict[Any, str]):
        """Schemas of which each is pushed out as soon as it is there."""

        def __setitem__(self, key: Any, value: str) -> None:
            """Keep nothing."""

    assert json.loads(Texts("digest", schemas=Pushed()).schema(ANN)) == schema(ANN.offers, empty=False)


def test_an_edit_begins_anew() -> None:
    """A hub keeps those of the configuration that it saw last."""
    settings: dict[str, Any] = {}
    first = Texts.of(settings, "digest")
    assert Texts.of(settings, "digest") is first
    assert Texts.of(settings, "edited") is not first


@given(JSON, st.integers(0, 4))
def test_parts_make_the_whole(value: Any, apart: int) -> None:
    """However many levels are written apart."""
    assert "".join(pieces(value, apart)) == json.dumps(value)
