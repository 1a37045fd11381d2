"""Given any fact, when it is told, then programs get what lies in the log, and people a line of it."""

import json

from hypothesis import given
from hypothesis import strategies as st

from fact_strategies import of_type
from multiplespawner.adapters.inbound.cli.documents import in_short, json_text
from multiplespawner.adapters.outbound.event_store.fact_codec import FactCodec
from multiplespawner.domain.catalogue import FACTS, Fact
from multiplespawner.domain.session import SessionPlaced, SessionRequested
from multiplespawner.domain.values import Hardware, Selection, ServerId

ANY = st.one_of(*map(of_type, FACTS.values()))


@given(ANY)
def test_programs_get_what_lies_in_the_log(fact: Fact) -> None:
    """The same fields and values, in ASCII."""
    stored = FactCodec().dump(fact)
    said = json_text(FactCodec().load(*stored))
    assert said.isascii()
    assert json.loads(said) == json.loads(json.dumps(stored[2]))


@given(ANY)
def test_people_get_some_of_it(fact: Fact) -> None:
    """Whatever it is."""
    assert isinstance(in_short(fact), str)


def test_what_a_line_says() -> None:
    """Names and values, options by their names; no ids, digests in short, nothing empty."""
    selection = Selection("local/a/b", Hardware(2.0, None, 0), None, (("course", "physics"), ("fast", True)))
    fact = SessionRequested(ServerId("h", 1, 1), selection, "d" * 64, ("staff", "all of us"))
    assert in_short(fact) == (
        "offer=local/a/b cpu=2.0 gpu=0 course=physics fast=True "
        'configuration=dddddddd groups=staff groups="all of us"'
    )
    assert in_short(SessionPlaced("a" * 32, "b" * 32, 2)) == "attempt=2"
