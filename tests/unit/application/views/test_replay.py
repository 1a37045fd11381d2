"""Why a session was allowed: the configuration that was in force."""

import pytest

from multiplespawner.application.ports.event_log import Change, Origin
from multiplespawner.application.views.ids import IdUnknown
from multiplespawner.application.views.replay import replay
from multiplespawner.domain.configuration import ConfigurationLoaded
from multiplespawner.domain.session import SessionRequested
from multiplespawner.domain.values import Selection, ServerId
from multiplespawner.testing.fakes.manual_clock import ManualClock
from multiplespawner.testing.fakes.memory_event_log import MemoryEventLog


@pytest.mark.parametrize(
    ("loaded", "found"),
    [
        ([("old", "accepted"), ("mine", "accepted"), ("mine", "refused")], 2),
        ([("mine", "accepted"), ("other", "accepted"), ("mine", "accepted")], 3),
        ([("mine", "refused")], 1),
        ([("other", "accepted")], None),
        ([], None),
    ],
)
async def test_which_configuration(loaded, found):
    """The last accepted one with the session's digest; what came after the request does not count."""
    log = MemoryEventLog(ManualClock())
    facts = tuple(ConfigurationLoaded(digest, (), result) for digest, result in loaded)
    await log.append([Change("configuration:hub", 0, facts)], Origin("hub"))
    request = SessionRequested(ServerId("hub", 1, 1), Selection("a/b/c"), "mine", ("students",))
    await log.append([Change("session:abc", 0, (request,))], Origin("hub"))
    later = (ConfigurationLoaded("mine", (), "accepted"),)
    await log.append([Change("configuration:hub", len(facts), later)], Origin("hub"))
    told = await replay(log, "a")
    assert (told.groups, told.configuration) == (("students",), "mine")
    assert (told.loaded.version if told.loaded else None) == found


async def test_before_it_was_requested():
    """It is new then, and unknown only if it never comes."""
    clock = ManualClock()
    log, before = MemoryEventLog(clock), clock.now().replace(year=2000)
    with pytest.raises(IdUnknown):
        await replay(log, "abc")
    request = SessionRequested(ServerId("hub", 1, 1), Selection("a/b/c"), "mine")
    await log.append([Change("session:abc", 0, (request,))], Origin("hub"))
    assert (await replay(log, "abc", before)).session.phase == "new"
    assert (await replay(log, "abc")).session.phase == "requested"
