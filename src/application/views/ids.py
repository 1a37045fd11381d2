"""Whole ids, by as much of them as belongs to one thing only."""

from typing import Literal

from ..ports.event_log import EventLog

SOME = 10
"""Ids that are told where more than one begins so."""

Kind = Literal["session", "resource"]


class IdUnknown(Exception):
    """Nothing of this kind has an id that begins so."""

    def __init__(self, kind: Kind, begun: str) -> None:
        super().__init__(f"no {kind} begins with {begun}")


class IdAmbiguous(Exception):
    """More than one id begins so; `some` of them."""

    def __init__(self, kind: Kind, begun: str, some: tuple[str, ...]) -> None:
        super().__init__(f"more than one {kind} begins with {begun}")
        self.some = some


async def whole_id(log: EventLog, kind: Kind, begun: str) -> str:
    """The only id of this kind that begins so, in whatever case it is typed.

    Raises IdUnknown, IdAmbiguous, LogUnavailable.
    """
    begun = begun.lower()
    ids = tuple(stream.partition(":")[2] for stream in await log.streams(f"{kind}:{begun}", SOME))
    if not ids:
        raise IdUnknown(kind, begun)
    if len(ids) > 1 and begun not in ids:
        raise IdAmbiguous(kind, begun, ids)
    return ids[0]
