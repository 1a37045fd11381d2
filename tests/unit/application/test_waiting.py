"""What is waited for is told by kinds, and nothing of it goes to the screen."""

import logging

import pytest
import stamina
from stamina.instrumentation import get_on_retry_hooks, set_on_retry_hooks

from multiplespawner.application.ports.event_log import LogUnavailable
from multiplespawner.application.waiting import tell_waits, waiting_for_log


@pytest.fixture
def hooks():
    """Put back what the process had."""
    before = get_on_retry_hooks()
    yield
    set_on_retry_hooks(before)


async def test_a_wait_is_told_without_the_text_of_what_is_away(hooks, caplog, capsys) -> None:
    """A database quotes what it was given."""
    tell_waits()
    failures = iter([LogUnavailable("password=canary"), None])
    with stamina.set_testing(False), caplog.at_level(logging.WARNING):
        async for attempt in waiting_for_log():
            with attempt:
                if (failure := next(failures)) is not None:
                    raise failure

    assert "LogUnavailable" in caplog.text
    assert "canary" not in caplog.text
    assert capsys.readouterr() == ("", "")
