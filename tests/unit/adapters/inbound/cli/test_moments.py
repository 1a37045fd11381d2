"""Given a time as people say it, then it is the moment that they mean, or a refusal."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import typer

from multiplespawner.adapters.inbound.cli.moments import moment


@pytest.fixture(autouse=True)
def _in_berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A zone that is not UTC, with summer time."""
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("2026-01-02T03:04:05Z", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("2026-01-02T03:04+05:00", datetime(2026, 1, 1, 22, 4, tzinfo=UTC)),
        ("2026-01-02T03:04", datetime(2026, 1, 2, 2, 4, tzinfo=UTC)),
        ("2026-07-02 03:04", datetime(2026, 7, 2, 1, 4, tzinfo=UTC)),
        ("2026-07-02", datetime(2026, 7, 1, 22, tzinfo=UTC)),
    ],
)
def test_a_time_in_full(said: str, meant: datetime) -> None:
    """With a zone it is that of the zone, without one this machine's, in winter and in summer."""
    assert moment(said, "--since") == meant


@pytest.mark.parametrize(
    ("said", "ago"),
    [
        ("2h", timedelta(hours=2)),
        ("90m", timedelta(minutes=90)),
        ("3d", timedelta(days=3)),
        ("2 hours ago", timedelta(hours=2)),
        ("2h30m", timedelta(hours=2, minutes=30)),
    ],
)
def test_some_time_ago(said: str, ago: timedelta) -> None:
    """Counted from now."""
    found = moment(said, "--since")
    assert found is not None
    assert abs(datetime.now(UTC) - ago - found) < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("said", "days", "hour"), [("yesterday 14:00", 1, 14), ("yesterday", 1, 0), ("today", 0, 0)]
)
def test_a_day_by_its_name(said: str, days: int, hour: int) -> None:
    """A day without a time begins at midnight here."""
    found = moment(said, "--since")
    assert found is not None
    local = found.astimezone()
    assert local.date() == (datetime.now().astimezone() - timedelta(days=days)).date()
    assert (local.hour, local.minute, local.second) == (hour, 0, 0)


@pytest.mark.parametrize(
    "said", ["5", "11", "may", "soon", "2026", "in 2 hours", "tomorrow", "9999-12-31", "\x1b[2J", "ada"]
)
def test_what_is_no_past_time(said: str) -> None:
    """Also what could mean several, and what is still to come."""
    with pytest.raises(typer.BadParameter):
        moment(said, "--since")


def test_nothing_said_is_no_time() -> None:
    """An option that is not there."""
    assert moment("", "--since") is None
