"""What holds for every world that commands can reach."""

from contextlib import suppress
from datetime import datetime, timedelta

from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from multiplespawner.domain import allowance as a
from multiplespawner.domain import deployment as d
from multiplespawner.domain import resource as r
from multiplespawner.domain import session as s
from multiplespawner.domain.plan import consequences, next_step
from multiplespawner.domain.refusals import Refusal
from multiplespawner.domain.steps import Do, Nothing, Record, WaitUntil, intent
from multiplespawner.domain.values import Amount, Endpoint, Part, ServerId
from multiplespawner.domain.world import Command, ForAllowance, World, decide
from worlds import NEW, NOW, PLACE, REQUEST, drive, plan, record, rent

TEXTS = st.sampled_from(["a", "b"])
TIMES = st.sampled_from([NOW, NOW + timedelta(hours=1)])
ATTEMPTS = st.integers(1, 4)
POOL = "pool:local"
ENOUGH = 40
"""More steps than the longest way back has, retries included."""


def build(cls: type, **fields: st.SearchStrategy) -> st.SearchStrategy:
    """A strategy for commands of one class."""
    return st.builds(cls, **fields)


SESSION = st.one_of(
    st.just(REQUEST),
    st.just(s.RequestSession(ServerId("hub", 2, 2), REQUEST.selection, "other")),
    st.just(PLACE),
    build(s.PlaceSession, resource=TEXTS, deployment=TEXTS, attempt=ATTEMPTS),
    build(s.MarkSessionStarted, address=TEXTS),
    build(s.SetExpiry, deadline=TIMES),
    build(s.RequestStop, by=st.just("user"), why=TEXTS, now=st.booleans()),
    build(s.EndSession, reason=TEXTS, status=st.integers(0, 1)),
    build(s.FailSession, step=TEXTS, code=TEXTS, message=TEXTS, status=st.integers(0, 1)),
)
RESOURCE = st.one_of(
    st.sampled_from([rent("spawner", (POOL,)), rent("provider", (POOL,)), rent("spawner"), rent("provider")]),
    build(r.RecordCreated, id=TEXTS, parts=st.just((Part("disk", "d"),))),
    build(r.RecordProvisioned, endpoint=st.builds(Endpoint, TEXTS), host_keys=st.just(())),
    build(
        r.RecordProvisioningFailed,
        code=TEXTS,
        message=TEXTS,
        attempt=ATTEMPTS,
        not_before=st.one_of(st.none(), TIMES),
    ),
    build(r.RecordConfigured, digest=TEXTS),
    build(r.ClaimResource, session=TEXTS),
    build(r.RecordSuspended),
    build(r.RecordResumed),
    build(r.RequestRelease, why=TEXTS),
    build(r.RecordReleaseFailed, attempt=ATTEMPTS, not_before=TIMES, code=TEXTS),
    build(r.RecordReleased),
    build(r.RecordLost, code=TEXTS),
)
KEEP = build(r.KeepResource, until=TIMES, user=st.just(1))
DEPLOYMENT = st.one_of(
    st.sampled_from([plan(), plan("x"), plan(None, "y"), plan("x", "y")]),
    build(d.BeginAuthenticator),
    build(d.RecordAuthenticatorPrepared, fingerprint=TEXTS),
    build(d.RecordAuthenticatorFailed, code=TEXTS, message=TEXTS),
    build(d.BeginConfigurer),
    build(d.RecordConfigurerApplied, digest=TEXTS),
    build(d.RecordConfigurerFailed, code=TEXTS, message=TEXTS),
    build(d.BeginSpawner),
    build(d.RecordSpawnerState, digest=TEXTS),
    build(d.RecordSpawnerStarted, address=TEXTS),
    build(d.RecordSpawnerFailed, code=TEXTS, message=TEXTS),
    build(d.BeginStop),
    build(d.RecordSpawnerStopFailed, attempt=ATTEMPTS, not_before=TIMES, code=TEXTS),
    build(d.RecordSpawnerStopped, status=st.integers(0, 1)),
    build(d.RecordSpawnerExited, status=st.integers(0, 1)),
    build(d.RecordWithdrawn),
    build(d.RecordWithdrawFailed, attempt=ATTEMPTS, not_before=TIMES, code=TEXTS),
)
AMOUNTS = st.just((Amount("sessions", 1),))
ALLOWANCE = st.one_of(
    build(a.Reserve, resource=st.just("r1"), amounts=AMOUNTS, limits=AMOUNTS, since=st.just(NOW)),
    build(a.Return, resource=TEXTS),
).map(lambda command: ForAllowance(POOL, command))
COMMANDS: st.SearchStrategy[Command] = st.one_of(SESSION, RESOURCE, KEEP, DEPLOYMENT, ALLOWANCE)
PLACED = st.sampled_from([(REQUEST, PLACE, rent(), plan()), (REQUEST, PLACE, rent("provider"), plan("x"))])
ANY_START = st.just(()) | PLACED


def attempt(before: World, command: Command) -> World:
    """The world after a command that may be refused."""
    try:
        return decide((command,), before).world
    except Refusal:
        return before


@st.composite
def worlds(draw: st.DrawFn, begun: st.SearchStrategy[tuple[Command, ...]] = ANY_START) -> World:
    """Any world that commands and the plan itself can reach."""
    now = NEW
    for command in draw(begun):
        now = attempt(now, command)
    for choice in draw(st.lists(st.one_of(COMMANDS, st.just(None)), max_size=25)):
        now = drive(now, 1)[0] if choice is None else attempt(now, choice)
    return now


def is_rented(world: World) -> bool:
    """Whether it is open; only the plan says that it is gone, and only when nothing runs there any more."""
    return world.resource.is_open


@given(worlds(), COMMANDS)
@settings(max_examples=600, deadline=None)
def test_a_command_decided_twice_gives_no_second_facts(before: World, command: Command) -> None:
    """A repeated command is already so."""
    try:
        first = decide((command,), before)
    except Refusal:
        return
    assert decide((command,), first.world).facts == {}


@given(worlds(), COMMANDS)
@settings(max_examples=600, deadline=None)
def test_commands_end_in_facts_or_refusals(before: World, command: Command) -> None:
    """Nothing else is ever raised."""
    with suppress(Refusal):
        decide((command,), before)


@given(worlds(), TIMES)
@settings(max_examples=600, deadline=None)
def test_the_plan_has_an_answer_that_the_deciders_accept(before: World, now: datetime) -> None:
    """What the plan asks for can be recorded, in every world."""
    match next_step(before, now):
        case Do(step):
            commands = step.commands if isinstance(step, Record) else intent(step)
            after = decide(commands, before).world
            decide(consequences(after), after)
        case WaitUntil(time):
            assert time > now


@given(worlds(PLACED).filter(is_rented), st.lists(st.booleans(), max_size=8))
@settings(max_examples=600, deadline=None)
def test_after_a_stop_nothing_is_held_within_some_steps(before: World, failures: list[bool]) -> None:
    """Effects may fail at first; when they succeed at last, all is given back and the session is over."""
    if before.resource.phase is r.ResourcePhase.KEPT:
        before = attempt(before, r.RequestRelease("test"))
    stopped = attempt(before, s.RequestStop("user", "test"))
    after, _ = drive(stopped, ENOUGH, failures)

    assert not after.resource.is_open
    assert not after.deployment.has_notebook
    assert not after.session.is_active
    assert not after.deployment.has_credentials


@given(worlds())
@settings(max_examples=400, deadline=None)
def test_a_running_session_has_no_step(before: World) -> None:
    """Without a stop, a loss or a deadline, nothing is done to what runs."""
    calm = evolve(before, session=evolve(before.session, deadline=None))
    lost = before.resource.is_beyond_use or before.resource.phase is r.ResourcePhase.KEPT
    phases = (calm.session.phase, calm.deployment.phase)
    if (
        phases == (s.SessionPhase.RUNNING, d.DeploymentPhase.RUNNING)
        and calm.session.stop is None
        and not lost
    ):
        assert next_step(calm, NOW + timedelta(days=1000)) == Nothing()


@given(worlds())
@settings(max_examples=400, deadline=None)
def test_recording_what_follows_leaves_nothing_that_follows(before: World) -> None:
    """Consequences are closed: recorded once, there are no more."""
    assert consequences(record((), before)) == ()
