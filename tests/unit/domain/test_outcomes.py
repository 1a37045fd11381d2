"""What is recorded when the call of a step failed."""

import pytest

from multiplespawner.domain import deployment as d
from multiplespawner.domain.outcomes import failed
from multiplespawner.domain.plan import backoff
from multiplespawner.domain.steps import Authenticate, Configure, Release, StartSpawner, Step, Withdraw
from multiplespawner.domain.values import Failure
from multiplespawner.domain.world import decide
from worlds import NOW, drive, placed, record

FAILURE = Failure("configure", "task_failed", "“Install” failed.", "Install", "10.0.0.1")


def before(steps: int):
    """A session on a rented machine, so many steps after it was placed."""
    return drive(placed("provider", authenticator="x", configurer="y"), steps)[0]


def test_the_task_and_the_host_of_a_configurer_that_failed_are_told() -> None:
    """In the fact itself, for whoever looks for it later."""
    world = record((d.BeginConfigurer(),), before(3))
    facts = decide(failed(Configure(), world, NOW, FAILURE), world).facts

    assert facts["deployment:d1"] == (
        d.ConfigurerFailed("task_failed", "“Install” failed.", "Install", "10.0.0.1"),
    )


@pytest.mark.parametrize("may_retry", [True, False])
@pytest.mark.parametrize(
    ("step", "command"),
    [
        (Authenticate(), d.RecordAuthenticatorFailed("code", "Words.")),
        (Configure(), d.RecordConfigurerFailed("code", "Words.")),
        (StartSpawner(), d.RecordSpawnerFailed("code", "Words.")),
    ],
)
def test_what_leads_to_a_notebook_is_tried_once(step: Step, command: object, may_retry: bool) -> None:
    """The user is told and may start again."""
    assert failed(step, before(2), NOW, Failure("any", "code", "Words."), may_retry=may_retry) == (command,)


@pytest.mark.parametrize("step", [Withdraw(), Release()])
def test_what_gives_back_is_tried_until_it_succeeds(step: Step) -> None:
    """Whatever the error says, each time a while later."""
    [first] = failed(step, before(2), NOW, FAILURE)

    assert (first.attempt, first.not_before) == (1, NOW + backoff(1))
