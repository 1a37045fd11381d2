"""Whom and what each record is about, looked up in the log where the record alone doesn't say."""

from collections import OrderedDict
from collections.abc import Iterable

from attrs import evolve, frozen

from ...domain.allowance import AllowanceFact
from ...domain.catalogue import Fact
from ...domain.deployment import DeploymentPlanned
from ...domain.resource import ResourceRequested
from ...domain.session import SessionPlaced, SessionRequested
from ..ports.event_log import EventLog, Record

REMEMBERED = 10_000
"""Streams that are not looked up again: about 5 MB."""


@frozen
class Subject:
    """Ids that belong together; None where there is none."""

    session: str | None = None
    resource: str | None = None
    deployment: str | None = None
    hub: str | None = None
    user: int | None = None
    """By the hub's user id."""
    provider: str | None = None


class Subjects:
    """Tells what records are about: learnt from those that are shown to it, others cost a look."""

    def __init__(self, log: EventLog) -> None:
        self._log = log
        self._known: OrderedDict[str, Subject] = OrderedDict()

    async def learn(self, records: Iterable[Record]) -> None:
        """Know what they begin, before being asked about any of them. Raises LogUnavailable, LogDamaged."""
        for record in records:
            await self._learn(record.stream, record.fact)

    async def of(self, record: Record) -> Subject:
        """What a record is about. Raises LogUnavailable, LogDamaged."""
        about = record.fact.resource if isinstance(record.fact, AllowanceFact) else None
        return await self._about(record.stream if about is None else f"resource:{about}")

    async def _about(self, stream: str) -> Subject:
        known = self._known.get(stream)
        # of a session that was requested at the end of what was shown, the place comes after it
        if known is None or (known.session is not None and known.resource is None):
            await self.learn(await self._log.read(stream, limit=2))
        return self._known.setdefault(stream, Subject())

    async def _learn(self, stream: str, fact: Fact) -> None:
        id_ = stream.partition(":")[2]
        match fact:
            case SessionRequested(server, selection):
                provider = selection.offer.partition("/")[0]
                subject = Subject(id_, hub=server.hub, user=server.user, provider=provider)
            case SessionPlaced(resource, deployment):
                subject = evolve(
                    self._known.get(stream, Subject(id_)), resource=resource, deployment=deployment
                )
            case ResourceRequested(provider, session=session):
                subject = evolve(await self._about(f"session:{session}"), resource=id_, provider=provider)
            case DeploymentPlanned(session, resource):
                known = await self._about(f"session:{session}")
                subject = evolve(known, resource=resource, deployment=id_)
            case _:
                return
        self._known[stream] = subject
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
