"""What each fact is about: its session, resource, deployment, user and provider, and how long it took."""

from datetime import datetime

from attrs import evolve, frozen

from ...domain.deployment import DeploymentPlanned
from ...domain.resource import ResourceReleased, ResourceRequested
from ...domain.session import SessionRequested
from ...domain.world import World
from ..ports.event_log import Record


@frozen
class Context:
    """Ids that belong together; None where they are not known."""

    session: str | None = None
    resource: str | None = None
    deployment: str | None = None
    user: str | None = None
    """By the hub's user id."""
    provider: str | None = None
    last: datetime | None = None
    """When the fact before was told."""


class Contexts:
    """Follows the log and tells the context of each record; forgets what is released."""

    def __init__(self) -> None:
        self._by_stream: dict[str, Context] = {}

    def learn(self, world: World) -> None:
        """Know an open resource from before this process."""
        server = world.session.server
        context = Context(
            world.session_id or None,
            world.resource_id,
            world.deployment_id or None,
            str(server.user) if server else None,
            world.resource.provider,
        )
        self._keep(context)

    def of(self, record: Record) -> tuple[Context, float | None]:
        """The record's context and the seconds since the fact before it; None for the first."""
        context = self._with(record, self._by_stream.get(record.stream, Context()))
        seconds = None if context.last is None else (record.time - context.last).total_seconds()
        context = evolve(context, last=record.time)
        self._keep(context)
        if isinstance(record.fact, ResourceReleased):
            self._forget(context)
        return context, seconds

    def _with(self, record: Record, context: Context) -> Context:
        kind, _, id_ = record.stream.partition(":")
        match record.fact:
            case SessionRequested(server):
                return evolve(context, session=id_, user=str(server.user))
            case ResourceRequested(provider=provider, session=session):
                known = self._by_stream.get(f"session:{session}", context)
                return evolve(known, session=session, resource=id_, provider=provider)
            case DeploymentPlanned(session, resource):
                known = self._by_stream.get(f"resource:{resource}", context)
                return evolve(known, session=session, resource=resource, deployment=id_)
        match kind:
            case "session":
                return evolve(context, session=id_)
            case "resource":
                return evolve(context, resource=id_)
            case "deployment":
                return evolve(context, deployment=id_)
        return context

    def _keep(self, context: Context) -> None:
        for stream in _streams(context):
            self._by_stream[stream] = context

    def _forget(self, context: Context) -> None:
        for stream in _streams(context):
            self._by_stream.pop(stream, None)


def _streams(context: Context) -> tuple[str, ...]:
    ids = (("session", context.session), ("resource", context.resource), ("deployment", context.deployment))
    return tuple(f"{kind}:{id_}" for kind, id_ in ids if id_ is not None)
