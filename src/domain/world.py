"""One resource with the session and the deployment that use it, and what it counts against."""

from collections.abc import Iterable, Mapping

from attrs import evolve as change
from attrs import field, frozen

from . import allowance as a
from . import deployment as d
from . import resource as r
from . import session as s
from .catalogue import Fact


@frozen
class ForAllowance:
    """A command to one of the allowances, named by its stream."""

    stream: str
    command: a.AllowanceCommand


Command = s.SessionCommand | r.ResourceCommand | d.DeploymentCommand | ForAllowance


@frozen
class World:
    """What is known of a resource and of what it is for; states are new where there is nothing yet."""

    resource_id: str
    session_id: str = ""
    deployment_id: str = ""
    resource: r.Resource = field(factory=r.Resource)
    session: s.Session = field(factory=s.Session)
    deployment: d.Deployment = field(factory=d.Deployment)
    allowances: Mapping[str, a.Allowance] = field(factory=dict)
    """By stream."""

    @property
    def streams(self) -> tuple[str, ...]:
        """Names of the streams that tell of it."""
        named = (("session", self.session_id), ("deployment", self.deployment_id))
        own = (f"{kind}:{id_}" for kind, id_ in named if id_)
        return (f"resource:{self.resource_id}", *own, *self.allowances)


@frozen
class Decided:
    """The facts that follow from commands, by stream, and the world after them."""

    world: World
    facts: Mapping[str, tuple[Fact, ...]] = field(factory=dict)


def decide(
    commands: Iterable[Command], world: World, earlier: Mapping[str, tuple[Fact, ...]] | None = None
) -> Decided:
    """Carry out commands one after the other, after `earlier` facts; a refusal of one refuses all."""
    facts = dict(earlier or {})
    for command in commands:
        stream, new, world = _decide(command, world)
        if new:
            facts[stream] = (*facts.get(stream, ()), *new)
    return Decided(world, facts)


def _decide(command: Command, world: World) -> tuple[str, tuple[Fact, ...], World]:
    new: tuple[Fact, ...]
    if isinstance(command, ForAllowance):
        stream = command.stream
        new = a.decide(command.command, world.allowances.get(stream, a.Allowance()))
    elif isinstance(command, s.SessionCommand):
        stream, new = f"session:{world.session_id}", s.decide(command, world.session)
    elif isinstance(command, r.ResourceCommand):
        stream, new = f"resource:{world.resource_id}", r.decide(command, world.resource)
    else:
        stream, new = f"deployment:{world.deployment_id}", d.decide(command, world.deployment)
    return stream, new, evolve(world, stream, new)


def evolve(world: World, stream: str, facts: Iterable[Fact]) -> World:
    """The world after more facts of one of its streams."""
    for fact in facts:
        world = _evolve(world, stream, fact)
    return world


def _evolve(world: World, stream: str, fact: Fact) -> World:
    if isinstance(fact, s.SessionFact):
        return change(world, session=s.evolve(world.session, fact))
    if isinstance(fact, r.ResourceFact):
        return change(world, resource=r.evolve(world.resource, fact))
    if isinstance(fact, d.DeploymentFact):
        return change(world, deployment=d.evolve(world.deployment, fact))
    if isinstance(fact, a.AllowanceFact):
        state = a.evolve(world.allowances.get(stream, a.Allowance()), fact)
        return change(world, allowances={**world.allowances, stream: state})
    return world
