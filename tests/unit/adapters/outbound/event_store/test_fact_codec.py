"""Facts become JSON and come back the same."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fact_strategies import of_type
from multiplespawner.adapters.outbound.event_store.fact_codec import Document, FactCodec, UnreadableFact
from multiplespawner.domain.catalogue import FACTS, Fact
from multiplespawner.domain.session import SessionEnded, SessionExpirySet, SessionRequested
from multiplespawner.domain.values import Selection, ServerId

CODEC = FactCodec()


def through_json(fact: Fact) -> Fact:
    name, version, payload = CODEC.dump(fact)
    return CODEC.load(name, version, json.loads(json.dumps(payload)))


def requested(*options: tuple[str, str | int | bool]) -> SessionRequested:
    return SessionRequested(ServerId("hub", 1, 2), Selection("a/b/c", options=options), "digest")


@pytest.mark.parametrize("name", sorted(FACTS))
@settings(max_examples=25)
@given(st.data())
def test_round_trip(name: str, data: st.DataObject) -> None:
    """Whatever could be in a fact comes back equal, and its second form is its first."""
    fact = data.draw(of_type(FACTS[name]))
    again = through_json(fact)
    assert again == fact
    assert CODEC.dump(again)[2] == CODEC.dump(fact)[2]


def test_true_is_not_one() -> None:
    """Options keep their type: text, whole number or truth value, which Python calls equal."""
    fact = through_json(requested(("a", True), ("b", 1), ("c", "1"), ("d", False), ("e", 0)))
    assert isinstance(fact, SessionRequested)
    assert [type(value) for _, value in fact.selection.options] == [bool, int, str, bool, int]


def test_any_text() -> None:
    """Text that no encoding can say, as REST bodies may hold it, comes back as it was."""
    fact = requested(("name", "\ud800 \x00 '"))
    assert through_json(fact) == fact


def test_times_are_utc() -> None:
    """A time is stored in UTC, and one without a time zone not at all."""
    _, _, payload = CODEC.dump(SessionExpirySet(datetime(2026, 1, 1, tzinfo=UTC)))
    assert payload == {"deadline": "2026-01-01T00:00:00+00:00"}
    with pytest.raises(ValueError, match="time zone"):
        CODEC.dump(SessionExpirySet(datetime(2026, 1, 1)))


@pytest.mark.parametrize(
    ("name", "payload"),
    [
        ("session.ended", {"reason": "stopped", "status": "0"}),
        ("session.ended", {"reason": 5, "status": 0}),
        ("session.ended", {"reason": "stopped", "status": True}),
        ("session.ended", {"reason": "stopped"}),
        ("session.ended", {"reason": "stopped", "status": 0, "more": 1}),
        ("session.ended", ["stopped", 0]),
        ("session.expiry_set", {"deadline": "2026-01-01T00:00:00"}),
        ("os.system", {}),
    ],
)
def test_unreadable(name: str, payload: Document) -> None:
    """What isn't exactly a payload of a known fact is not read as if it were."""
    with pytest.raises(UnreadableFact):
        CODEC.load(name, 1, payload)


def test_older_payload_is_brought_up_to_date() -> None:
    """A payload of version 1 passes through each upcaster in turn."""
    codec = FactCodec(
        versions={"session.ended": 3},
        upcasters={
            ("session.ended", 1): lambda old: {"why": old["because"], "code": old["code"]},
            ("session.ended", 2): lambda old: {"reason": old["why"], "status": int(old["code"])},
        },
    )
    assert codec.load("session.ended", 1, {"because": "idle", "code": "7"}) == SessionEnded("idle", 7)
    assert codec.load("session.ended", 2, {"why": "idle", "code": "7"}) == SessionEnded("idle", 7)
    assert codec.dump(SessionEnded("idle", 7))[:2] == ("session.ended", 3)


def test_newer_payload_is_refused() -> None:
    """A payload that newer software wrote is not guessed at."""
    with pytest.raises(UnreadableFact):
        CODEC.load("session.ended", 2, {"reason": "idle", "status": 0})
