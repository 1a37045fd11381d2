"""What became of a start, in words for its user."""

from types import SimpleNamespace

import pytest
from jupyterhub.spawner import SpawnException

from houses import Outside
from multiplespawner.adapters.inbound.hub.advice import ADVICE, advice_for, spawn_exception
from multiplespawner.adapters.inbound.hub.pages.last_start import start_of, told
from multiplespawner.adapters.inbound.hub.step_words import NEVER_ANSWERED
from multiplespawner.application.failures import _PROVIDER_WORDS
from multiplespawner.application.use_cases.start_session import SessionFailed
from multiplespawner.domain.endings import WORDS
from multiplespawner.testing.fakes.faulty_providers import ProviderThatOnlyWatches
from multiplespawner.testing.fakes.scripted_inner_spawners import SpawnerThatFailsToStart

SPAWNER = SimpleNamespace(start_timeout=60, http_timeout=30)


class MeantForTheUser(Exception):
    """An error with words of its own."""

    jupyterhub_message = "No coffee."
    jupyterhub_html_message = "No <b>coffee</b>."


async def failed(message="No coffee."):
    """The last start, which failed with this message."""
    outside = Outside(provider=ProviderThatOnlyWatches())
    house = outside.house()
    request = outside.request(SpawnerThatFailsToStart(code="inner_refused", message=message))
    with pytest.raises(SessionFailed):
        await house.start(request)
    last = await start_of(house, request.session)
    await house.close()
    return last


async def stopped(why):
    """The last start, which succeeded, and was stopped for a reason."""
    outside = Outside(provider=ProviderThatOnlyWatches())
    house = outside.house()
    request = outside.request()
    await house.start(request)
    await house.stop(request.session, "hub", why)
    last = await start_of(house, request.session)
    await house.close()
    return last


async def test_a_failed_session_is_told_by_its_facts():
    """Also where the hub has nothing of it any more."""
    last = await failed()
    assert last.has_failed
    for error in (MeantForTheUser(), None):
        found = told(SPAWNER, last, error)
        assert (found.message, found.code) == ("No coffee.", "inner_refused")
        assert found.html is None
        assert found.step == "Starting the notebook"
        assert found.advice == ADVICE["inner_refused"]
        assert last.progress.session.startswith(found.session)


async def test_a_session_that_ran_has_not_failed():
    """Unless nobody could ever reach it."""
    assert not (await stopped("stopped")).has_failed
    last = await stopped(NEVER_ANSWERED)
    assert last.has_failed
    found = told(SPAWNER, last, TimeoutError())
    assert "30 seconds" in found.message
    assert found.code == NEVER_ANSWERED


async def test_a_session_that_the_log_does_not_know_is_none():
    """It was cancelled before it was requested."""
    house = Outside().house()
    assert await start_of(house, "0" * 32) is None
    await house.close()


def test_what_failed_before_anything_was_begun_is_told_by_the_hubs_error():
    """A refusal has its code and words; who is refused changes the choice."""
    refused = told(SPAWNER, None, SpawnException("Too much.", reason="lifetime_too_long"))
    assert (refused.message, refused.code, refused.session) == ("Too much.", "lifetime_too_long", None)
    assert refused.advice != advice_for("anything else")
    hook = told(SPAWNER, None, MeantForTheUser())
    assert (hook.message, hook.html) == ("No coffee.", "No <b>coffee</b>.")


def test_an_error_that_nobody_meant_for_the_user_is_not_shown():
    """It may hold a secret."""
    found = told(SPAWNER, None, RuntimeError("token abcdef"))
    assert "abcdef" not in f"{found}"
    assert found.message
    assert found.code is None


async def test_a_start_that_took_too_long_says_how_long():
    """Whatever the log calls it."""
    assert "60 seconds" in told(SPAWNER, await failed(""), TimeoutError()).message


def test_what_the_hub_shows_by_itself_is_enough():
    """What failed, what to do, the code and the session are in one text, for page, stream and API."""
    error = spawn_exception("No coffee.", "inner_timeout", "1234567890" * 3)
    for text in (error.message, error.jupyterhub_message):
        assert all(
            part in text for part in ("No coffee.", ADVICE["inner_timeout"], "inner_timeout", "12345678")
        )
    assert (error.reason, error.status_code) == ("inner_timeout", 500)


@pytest.mark.parametrize("code", [*WORDS, *_PROVIDER_WORDS])
def test_what_is_known_to_go_wrong_has_advice_of_its_own(code):
    """Each code for which there are words has something to do."""
    assert code in ADVICE
