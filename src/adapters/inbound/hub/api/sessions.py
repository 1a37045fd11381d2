"""What became of the signed-in user's starts."""

import asyncio
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from attrs import asdict
from tornado.web import HTTPError

from .....application.house import House
from .....application.views.progress import progress_of
from .....application.views.reading import SessionRecords
from .....application.views.sessions import SessionRow, row_of, session_row
from .....application.views.steps import Step
from .answering import OwnHandler, for_own_user
from .bodies import BadParameter
from .queries import one_of, whole

MOST = 100
"""Sessions of one page."""
USUAL = 20
"""Sessions of a page where nothing is said."""


class SessionsHandler(OwnHandler):
    """Lists the user's sessions."""

    @for_own_user("read:servers")
    async def get(self) -> None:
        """One page of them, newest first."""
        said = self.get_query_argument
        limit = whole("limit", said("limit", None), 1, MOST) or USUAL
        active = one_of("active", said("active", None), {"true": True, "false": False})
        house, user = await self.house(), self.current_user
        ids = await house.own_sessions.of(house.hub or "", user.id, _born(user), active=active)
        ids = _after(ids, said("before", None))
        rows = await asyncio.gather(*(session_row(house.ports.log, each) for each in ids[:limit]))
        names = _names(user)
        self.finish(
            {
                "sessions": [_model(row, names) for row in rows if row is not None],
                "next": ids[limit - 1] if len(ids) > limit else None,
            }
        )


class SessionHandler(OwnHandler):
    """Tells one of the user's sessions."""

    @for_own_user("read:servers")
    async def get(self, session: str) -> None:
        """The session with its steps."""
        house, user = await self.house(), self.current_user
        known = re.fullmatch("[0-9a-f]{32}", session)
        records = await SessionRecords(house.ports.log, session).now() if known else ()
        row = row_of(session, records)
        if row is None or not _is_theirs(row, house, user):
            raise HTTPError(404, "You have no such session.")
        progress = progress_of(session, records, await house.expected.of(row.offer))
        self.finish({**_model(row, _names(user)), "steps": [_step(step) for step in progress.steps]})


def _is_theirs(row: SessionRow, house: House, user: Any) -> bool:
    return (row.hub, row.user) == (house.hub or "", user.id) and row.requested >= _born(user)


def _born(user: Any) -> datetime:
    """When the hub made the user: it gives the ids of users that were deleted to new ones."""
    made: datetime = user.created or datetime.min
    return made.replace(tzinfo=UTC)


def _names(user: Any) -> dict[int, str]:
    return {row.id: name for name, row in user.orm_spawners.items()}


def _after(ids: Sequence[str], before: str | None) -> Sequence[str]:
    if before is None:
        return ids
    if before not in ids:
        raise BadParameter("before", "the id of one of your sessions")
    return ids[ids.index(before) + 1 :]


def _model(row: SessionRow, names: dict[int, str]) -> dict[str, Any]:
    return {
        "id": row.session,
        "server": names.get(row.spawner),
        "offer": row.offer,
        "provider": row.provider,
        "phase": row.phase,
        "requested": _time(row.requested),
        "started": _time(row.started),
        "ended": _time(row.ended),
        "deadline": _time(row.deadline),
        "reason": row.reason,
        "message": row.message,
    }


def _step(step: Step) -> dict[str, Any]:
    return {**asdict(step), "began": _time(step.began)}


def _time(time: datetime | None) -> str | None:
    return None if time is None else time.isoformat()
