"""Resource: one thing held at a provider, from the intent to rent it to the proof that it is gone."""

from datetime import UTC, datetime

import pytest

from deciding import Decider
from multiplespawner.domain import resource as r
from multiplespawner.domain.refusals import OutOfOrder
from multiplespawner.domain.values import Endpoint, Hardware, Part

RESOURCE = Decider(r.decide, r.evolve, r.Resource)
LATER = datetime(2026, 1, 1, tzinfo=UTC)
THERE = Endpoint("10.0.0.1", 22)
RENT = r.RequestResource(
    "cloud", "virtual_machine", Hardware(2), "debian", "o-r1", "provider", "s1", ("pool:x",)
)
REQUESTED = r.ResourceRequested(
    "cloud", "virtual_machine", Hardware(2), "debian", "o-r1", "provider", "s1", ("pool:x",)
)
CREATED = r.ResourceCreated("i-1", (Part("disk", "d-1"),))
PROVISIONED = r.ResourceProvisioned(THERE, ("ssh-ed25519 AAAA",))
FAILED = r.ResourceProvisioningFailed("full", "Full.", 1, LATER)
KEPT = r.ResourceKept(LATER, 1)
LOST = r.ResourceLost("gone")
RELEASING = r.ResourceReleaseRequested("stopped")
RELEASED = r.ResourceReleased()
RUNNING = (REQUESTED, CREATED, PROVISIONED)


@pytest.mark.parametrize(
    ("facts", "command", "expected"),
    [
        ((), RENT, (REQUESTED,)),
        ((REQUESTED,), RENT, ()),
        ((REQUESTED,), r.RecordCreated("i-1", (Part("disk", "d-1"),)), (CREATED,)),
        ((REQUESTED, CREATED), r.RecordCreated("i-1"), ()),
        ((REQUESTED, CREATED), r.RecordCreated("i-2"), (r.ResourceCreated("i-2"),)),
        ((REQUESTED, RELEASING), r.RecordCreated("i-1"), (r.ResourceCreated("i-1"),)),
        ((REQUESTED, CREATED), r.RecordProvisioned(THERE, ("ssh-ed25519 AAAA",)), (PROVISIONED,)),
        (RUNNING, r.RecordProvisioned(THERE, ("ssh-ed25519 AAAA",)), ()),
        ((REQUESTED,), r.RecordProvisioningFailed("full", "Full.", 1, LATER), (FAILED,)),
        ((REQUESTED, FAILED), r.RecordProvisioningFailed("full", "Full.", 1, LATER), ()),
        (RUNNING, r.RecordConfigured("digest"), (r.ResourceConfigured("digest"),)),
        ((*RUNNING, r.ResourceConfigured("digest")), r.RecordConfigured("digest"), ()),
        (RUNNING, r.KeepResource(LATER, 1), (KEPT,)),
        ((*RUNNING, KEPT), r.ClaimResource("s2"), (r.ResourceClaimed("s2"),)),
        (RUNNING, r.ClaimResource("s1"), ()),
        (RUNNING, r.RecordSuspended(), (r.ResourceSuspended(),)),
        ((*RUNNING, r.ResourceSuspended()), r.RecordResumed(), (r.ResourceResumed(),)),
        (RUNNING, r.RecordLost("gone"), (LOST,)),
        ((*RUNNING, LOST), r.RequestRelease("lost"), (r.ResourceReleaseRequested("lost"),)),
        (RUNNING, r.RequestRelease("stopped"), (RELEASING,)),
        ((*RUNNING, RELEASING), r.RequestRelease("again"), ()),
        ((*RUNNING, RELEASING), r.RecordLost("gone"), ()),
        (
            (*RUNNING, RELEASING),
            r.RecordReleaseFailed(1, LATER, "down"),
            (r.ResourceReleaseFailed(1, LATER, "down"),),
        ),
        ((*RUNNING, RELEASING), r.RecordReleased(), (RELEASED,)),
        ((*RUNNING, RELEASING, RELEASED), r.RecordReleased(), ()),
        ((*RUNNING, RELEASING, RELEASED), r.RequestRelease("again"), ()),
    ],
)
def test_what_follows(facts, command, expected) -> None:
    """Facts where something changes, none where it is already so."""
    assert RESOURCE.given(*facts).when(command) == expected


@pytest.mark.parametrize(
    ("facts", "command"),
    [
        ((), r.RecordCreated("i-1")),
        ((*RUNNING, RELEASING, RELEASED), r.RecordCreated("i-2")),
        ((), r.RequestRelease("stopped")),
        (RUNNING, r.RecordReleased()),
        (RUNNING, r.RecordReleaseFailed(1, LATER, "down")),
        (RUNNING, r.RecordProvisioningFailed("full", "Full.", 1, LATER)),
        ((REQUESTED,), r.KeepResource(LATER, 1)),
        (RUNNING, r.ClaimResource("s2")),
        ((REQUESTED,), r.RecordSuspended()),
        (RUNNING, r.RequestResource("x", "container", Hardware(), None, "other", "spawner", "s2")),
    ],
)
def test_what_is_refused(facts, command) -> None:
    """What does not fit what has happened changes nothing."""
    with pytest.raises(OutOfOrder):
        RESOURCE.given(*facts).when(command)


def test_all_that_was_ever_made_is_known() -> None:
    """Two drivers may overlap for a moment: both things must be destroyed."""
    state = RESOURCE.given(REQUESTED, CREATED, r.ResourceCreated("i-2", (Part("disk", "d-2"),))).state
    assert state.ids == ("i-1", "i-2")
    assert {part.id for part in state.parts} == {"d-1", "d-2"}


@pytest.mark.parametrize(
    ("facts", "is_open"),
    [((), False), (RUNNING, True), ((*RUNNING, LOST), True), ((REQUESTED, RELEASED), False)],
)
def test_it_is_open_until_the_provider_says_gone(facts, is_open) -> None:
    """Also when it is lost: its parts may be there."""
    assert RESOURCE.given(*facts).state.is_open is is_open
