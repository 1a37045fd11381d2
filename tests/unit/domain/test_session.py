"""Session: one run of a server, from the request to its end."""

from datetime import UTC, datetime

import pytest

from deciding import Decider
from multiplespawner.domain import session as s
from multiplespawner.domain.refusals import OutOfOrder
from multiplespawner.domain.values import Selection, ServerId

SESSION = Decider(s.decide, s.evolve, s.Session)
SERVER, SELECTION = ServerId("hub", 1, 1), Selection("local/Local/machine")
REQUESTED = s.SessionRequested(SERVER, SELECTION, "digest", ("staff",))
PLACED = s.SessionPlaced("r1", "d1")
STARTED = s.SessionStarted("http://127.0.0.1:1")
STOPPING = s.SessionStopRequested("user", "stopped")
ENDED = s.SessionEnded("stopped", 0)
FAILED = s.SessionFailed("start", "no_port", "No port.")
DEADLINE = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("facts", "command", "expected"),
    [
        ((), s.RequestSession(SERVER, SELECTION, "digest", ("staff",)), (REQUESTED,)),
        ((REQUESTED,), s.RequestSession(SERVER, SELECTION, "digest"), ()),
        ((REQUESTED,), s.PlaceSession("r1", "d1"), (PLACED,)),
        ((REQUESTED, PLACED), s.PlaceSession("r1", "d1"), ()),
        ((REQUESTED, PLACED), s.PlaceSession("r2", "d2", 2), (s.SessionPlaced("r2", "d2", 2),)),
        ((REQUESTED, PLACED), s.MarkSessionStarted("http://127.0.0.1:1"), (STARTED,)),
        ((REQUESTED, PLACED, STARTED), s.MarkSessionStarted("http://127.0.0.1:1"), ()),
        ((REQUESTED,), s.SetExpiry(DEADLINE), (s.SessionExpirySet(DEADLINE),)),
        ((REQUESTED, s.SessionExpirySet(DEADLINE)), s.SetExpiry(DEADLINE), ()),
        ((REQUESTED, PLACED, STARTED), s.RequestStop("user", "stopped"), (STOPPING,)),
        ((REQUESTED, PLACED, STARTED, STOPPING), s.RequestStop("hub", "expired"), ()),
        ((REQUESTED, PLACED, STARTED, ENDED), s.RequestStop("hub", "expired"), ()),
        ((REQUESTED, PLACED, STARTED), s.EndSession("stopped"), (ENDED,)),
        ((REQUESTED, ENDED), s.EndSession("exited", 1), ()),
        ((REQUESTED, PLACED), s.FailSession("start", "no_port", "No port."), (FAILED,)),
        ((REQUESTED, FAILED), s.FailSession("start", "other", "Other."), ()),
    ],
)
def test_what_follows(facts, command, expected) -> None:
    """Facts where something changes, none where it is already so."""
    assert SESSION.given(*facts).when(command) == expected


@pytest.mark.parametrize(
    ("facts", "command"),
    [
        ((REQUESTED,), s.RequestSession(ServerId("hub", 2, 2), SELECTION, "digest")),
        ((), s.PlaceSession("r1", "d1")),
        ((REQUESTED, STOPPING), s.PlaceSession("r1", "d1")),
        ((REQUESTED, PLACED), s.PlaceSession("r2", "d2", 1)),
        ((REQUESTED,), s.MarkSessionStarted("http://127.0.0.1:1")),
        ((REQUESTED, PLACED, STOPPING), s.MarkSessionStarted("http://127.0.0.1:1")),
        ((REQUESTED, ENDED), s.SetExpiry(DEADLINE)),
        ((), s.RequestStop("user", "stopped")),
        ((), s.EndSession("stopped")),
        ((), s.FailSession("start", "no_port", "No port.")),
    ],
)
def test_what_is_refused(facts, command) -> None:
    """What does not fit what has happened changes nothing."""
    with pytest.raises(OutOfOrder):
        SESSION.given(*facts).when(command)


def test_the_first_reason_to_stop_counts() -> None:
    """Later ones add nothing."""
    assert SESSION.given(REQUESTED, STOPPING).state.stop.why == "stopped"
