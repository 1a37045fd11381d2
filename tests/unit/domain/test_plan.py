"""The plan: what is owed next, step by step and for every world that can be reached."""

from datetime import timedelta

import pytest
from attrs import evolve

from multiplespawner.domain import allowance as a
from multiplespawner.domain import deployment as d
from multiplespawner.domain import resource as r
from multiplespawner.domain import session as s
from multiplespawner.domain.plan import STOP_ATTEMPTS, after_takeover, backoff, next_step
from multiplespawner.domain.refusals import OutOfOrder
from multiplespawner.domain.steps import (
    Allocate,
    Authenticate,
    AwaitProvisioned,
    Configure,
    Do,
    Nothing,
    Record,
    Release,
    StartSpawner,
    StopSpawner,
    WaitUntil,
    Withdraw,
    intent,
)
from multiplespawner.domain.values import Amount, Endpoint
from multiplespawner.domain.world import ForAllowance, decide
from worlds import NEW, NOW, PLACE, REQUEST, drive, placed, plan, record, rent, succeed, world

STOP = s.RequestStop("user", "user_stopped")


def running(**kwargs: str):
    """A session whose notebook runs."""
    return drive(placed(**kwargs), 10)[0]


def test_a_placed_session_starts_its_notebook_and_then_has_no_step() -> None:
    """Where the inner spawner allocates, the only effect is its start."""
    after, steps = drive(placed(), 10)

    assert steps == [StartSpawner()]
    assert after.session.phase is s.SessionPhase.RUNNING
    assert after.resource.phase is r.ResourcePhase.PROVISIONED
    assert next_step(after, NOW + timedelta(days=400)) == Nothing()


def test_a_rented_machine_is_allocated_authenticated_and_configured_first() -> None:
    """Each forward step comes once, in its order."""
    _, steps = drive(placed("provider", authenticator="x", configurer="y"), 20)

    assert steps == [Allocate(), AwaitProvisioned(), Authenticate(), Configure(), StartSpawner()]


def test_what_was_applied_to_this_resource_already_is_not_applied_again() -> None:
    """The notebook starts right after the credentials are there, or at once without an authenticator."""
    ready = (r.RecordCreated("i-1"), r.RecordProvisioned(Endpoint("10.0.0.1", 22)), r.RecordConfigured("y"))
    entered = record(ready, placed("provider", authenticator="x", configurer="y"))

    assert drive(entered, 20)[1] == [Authenticate(), StartSpawner()]
    assert drive(record(ready, placed("provider", configurer="y")), 20)[1] == [StartSpawner()]


@pytest.mark.parametrize("applied", ["older", None])
def test_what_is_new_in_the_recipe_is_applied(applied: str | None) -> None:
    """Another digest is another recipe."""
    ready = (r.RecordCreated("i-1"), r.RecordProvisioned(Endpoint("10.0.0.1", 22)))
    before = record(ready, placed("provider", authenticator="x", configurer="y"))
    before = record((r.RecordConfigured(applied),) if applied else (), before)

    assert drive(before, 20)[1] == [Authenticate(), Configure(), StartSpawner()]


def test_a_session_that_is_to_end_is_not_set_up_any_more() -> None:
    """Its credentials are withdrawn, the resource given back; the notebook was never there to be stopped."""
    begun = (r.RecordCreated("i-1"), r.RecordProvisioned(Endpoint("10.0.0.1", 22)), d.BeginAuthenticator())
    prepared = (*begun, d.RecordAuthenticatorPrepared("SHA256:x"), d.BeginConfigurer())
    for facts in (begun, prepared):
        stopped = record((*facts, STOP), placed("provider", authenticator="x", configurer="y"))
        assert drive(stopped, 20)[1] == [Withdraw(), Release()]


def test_each_effect_has_its_intent_before_it() -> None:
    """The fact that intends an effect is there before the effect is asked for again."""
    assert intent(StartSpawner()) == (d.BeginSpawner(),)
    assert intent(StopSpawner()) == (d.BeginStop(),)
    assert intent(Authenticate()) == (d.BeginAuthenticator(),)
    assert intent(Configure()) == (d.BeginConfigurer(),)


def test_a_stop_goes_backwards_and_ends_the_session_with_its_reason() -> None:
    """Notebook, credentials, resource: in this order, and the session ends when the notebook is gone."""
    after, steps = drive(record((STOP,), running(authenticator="x")), 10)

    assert steps == [StopSpawner(), Withdraw(), Release()]
    assert (after.session.phase, after.session.reason) == (s.SessionPhase.ENDED, "user_stopped")
    assert after.resource.phase is r.ResourcePhase.RELEASED


def test_an_ended_notebook_closes_everything_in_one_batch() -> None:
    """Spawner exited, session ended and release requested come together."""
    after = record((d.RecordSpawnerExited(3),), running())

    assert (after.session.phase, after.session.status) == (s.SessionPhase.ENDED, 3)
    assert after.deployment.phase is d.DeploymentPhase.WITHDRAWN
    assert after.resource.phase is r.ResourcePhase.RELEASING


def test_a_failed_start_fails_the_session_with_its_code_and_gives_back() -> None:
    """What failed is told, also when the hub cancels the start because of it."""
    failed = record((d.BeginSpawner(), d.RecordSpawnerFailed("no_port", "No port.")), placed())
    cancelled = record((s.RequestStop("hub", "start_cancelled"),), failed)
    after, steps = drive(cancelled, 10)

    assert steps == [StopSpawner(), Release()]
    assert (after.session.phase, after.session.reason) == (s.SessionPhase.FAILED, "no_port")
    assert after.session.message == "No port."


def test_an_unfinished_start_is_interrupted_by_a_takeover() -> None:
    """After a crash before the notebook ran, everything goes backwards."""
    crashed = record((d.BeginSpawner(),), placed())
    after, steps = drive(record(after_takeover(crashed), crashed), 10)

    assert steps == [StopSpawner(), Release()]
    assert (after.session.phase, after.session.reason) == (s.SessionPhase.FAILED, "interrupted")


def test_a_running_session_is_adopted_by_a_takeover() -> None:
    """After a crash with a running notebook there is nothing to record."""
    assert after_takeover(running()) == ()


def test_a_start_that_nobody_finished_is_not_repeated() -> None:
    """Starting twice is not safe, so it counts as failed."""
    step = next_step(record((d.BeginSpawner(),), placed()), NOW)

    assert isinstance(step, Do)
    assert isinstance(step.step, Record)
    assert isinstance(step.step.commands[0], d.RecordSpawnerFailed)


def test_a_spawner_that_cannot_stop_is_passed_over_at_last() -> None:
    """After the last ordinary attempt the notebook is ended by force."""
    _, steps = drive(record((STOP,), running()), 20, [True] * STOP_ATTEMPTS)

    assert steps == [*[StopSpawner()] * STOP_ATTEMPTS, StopSpawner(by_force=True), Release()]


def test_a_stop_at_once_gives_the_notebook_no_time() -> None:
    """`now` reaches the step."""
    stopping = record((s.RequestStop("hub", "user_stopped", now=True),), running())

    assert next_step(stopping, NOW) == Do(StopSpawner(now=True))


def test_a_failed_release_is_tried_again_not_before_its_time() -> None:
    """The resource is held until the provider says gone."""
    exited = record((d.RecordSpawnerExited(0),), running())
    stopped = record((r.RecordReleaseFailed(1, NOW + backoff(1), "down"),), exited)

    assert next_step(stopped, NOW) == WaitUntil(NOW + backoff(1))
    assert next_step(stopped, NOW + backoff(1)) == Do(Release())


def test_a_lost_machine_ends_its_session() -> None:
    """Nothing is asked of a notebook whose machine is gone."""
    after, steps = drive(record((r.RecordLost("gone"),), running()), 10)

    assert StopSpawner() not in steps
    assert (after.session.phase, after.session.reason) == (s.SessionPhase.ENDED, "resource_lost")
    assert after.resource.phase is r.ResourcePhase.RELEASED


def test_provisioning_that_is_not_tried_again_fails_the_session() -> None:
    """The provider's words reach the user."""
    failed = record((r.RecordProvisioningFailed("quota_exceeded", "Full.", 1, None),), placed("provider"))
    after, steps = drive(failed, 10)

    assert steps == [Release()]
    assert (after.session.reason, after.session.message) == ("quota_exceeded", "Full.")


def test_provisioning_that_may_be_tried_again_waits() -> None:
    """Not before its time."""
    failed = record((r.RecordProvisioningFailed("full", "Full.", 1, NOW + backoff(1)),), placed("provider"))

    assert next_step(failed, NOW) == WaitUntil(NOW + backoff(1))


def test_a_session_ends_at_its_deadline() -> None:
    """Until then there is only waiting."""
    deadline = NOW + timedelta(hours=1)
    limited = record((s.SetExpiry(deadline),), running())

    assert next_step(limited, NOW) == WaitUntil(deadline)
    assert next_step(limited, deadline) == Do(Record((s.RequestStop("system", "expired"),)))


def test_a_kept_resource_waits_for_its_user_and_is_then_released() -> None:
    """It outlives its session within its limit."""
    until = NOW + timedelta(hours=1)
    kept = evolve(record((r.KeepResource(until, 1),), running()), session=s.Session(), session_id="")

    assert next_step(kept, NOW) == WaitUntil(until)
    assert next_step(kept, until) == Do(Record((r.RequestRelease("kept_long_enough"),)))


def test_what_is_released_counts_no_longer() -> None:
    """Returned with the fact that the resource is gone; until then it is used."""
    reserve = ForAllowance("pool:local", a.Reserve("r1", (Amount("sessions", 1),), (), NOW))
    before = world(REQUEST, PLACE, rent(allowances=("pool:local",)), plan(), reserve)
    stopped, _ = drive(record((STOP,), before), 1, [True])
    after, _ = drive(stopped, 10)

    assert stopped.allowances["pool:local"].used("sessions") == 1
    assert after.allowances["pool:local"].used("sessions") == 0


def test_a_released_resource_owes_nothing() -> None:
    """Its end is the end."""
    after, _ = drive(record((STOP,), running()), 10)

    assert next_step(after, NOW) == Nothing()
    assert next_step(NEW, NOW) == Nothing()


@pytest.mark.parametrize(("attempt", "seconds"), [(1, 1), (2, 2), (5, 16), (9, 256), (10, 300), (999, 300)])
def test_waiting_doubles_up_to_five_minutes(attempt: int, seconds: int) -> None:
    """The wait after the n-th failure."""
    assert backoff(attempt) == timedelta(seconds=seconds)


def test_one_refused_command_refuses_all() -> None:
    """A batch is carried out as a whole or not at all."""
    with pytest.raises(OutOfOrder):
        decide((STOP, d.BeginSpawner()), NEW)


def test_succeeding_effects_are_told_in_commands() -> None:
    """The stand-in for effects knows each step."""
    assert succeed(Record(()), NEW) == ()
