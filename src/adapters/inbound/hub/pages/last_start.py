"""What became of a server's last start, as the log tells it, in words for its user."""

import logging
from typing import Any

from attrs import frozen
from jupyterhub.spawner import SpawnException
from jupyterhub.utils import AnyTimeoutError, format_exception

from .....application.failures import kinds
from .....application.house import House
from .....application.views.progress import Progress, progress_of
from .....application.views.reading import SessionRecords
from .....domain.session import SessionPhase
from ..advice import advice_for, in_full, short_id
from ..houses import house_of
from ..step_words import NEVER_ANSWERED, WAITING, doing

_logger = logging.getLogger("multiplespawner.pages")


@frozen
class LastStart:
    """The session that a server had last, or has."""

    progress: Progress

    @property
    def has_failed(self) -> bool:
        """Whether nobody could ever work in it."""
        return self.progress.phase is SessionPhase.FAILED or self.progress.code == NEVER_ANSWERED


@frozen
class Told:
    """A start that did not succeed, as its page tells it."""

    message: str
    html: str | None
    """In place of the message, from a hook of the hub; an inner spawner's is not shown as markup."""
    step: str | None
    """What was being done; None where no step had begun."""
    advice: str
    code: str | None
    session: str | None
    """What `multiplespawner log --session` takes; None where nothing was begun."""


async def last_start(spawner: Any) -> LastStart | None:
    """The server's last session; None where there was none, or it can't be read now."""
    session = spawner.last_session
    if session is None:
        return None
    try:
        return await start_of(await house_of(spawner), session)
    except Exception as error:
        _logger.warning("The last start of a server can't be told: %s", kinds(error))
        return None


async def start_of(house: House, session: str) -> LastStart | None:
    """One session as it is now; None if the log has nothing of it. Raises LogUnavailable, LogDamaged."""
    records = await SessionRecords(house.ports.log, session).now()
    if not records:
        return None
    progress = progress_of(session, records)
    times = await house.expected.of(progress.offer) if progress.offer else {}
    return LastStart(progress_of(session, records, times))


async def failure_in_full(spawner: Any) -> str | None:
    """Why the start failed that the hub has just tried, in one text; None if the log does not tell."""
    last = await last_start(spawner) if spawner._failed else None
    if last is None or not last.has_failed:
        return None
    found = told(spawner, last, spawner._spawn_future.exception())
    return in_full(found.message, found.code or "", last.progress.session)


def told(spawner: Any, last: LastStart | None, error: BaseException | None) -> Told:
    """What to tell of a start that failed; `error` is what the hub has of it, None after its restart."""
    _, html = format_exception(error, only_jupyterhub=True) if error is not None else (None, None)
    progress = last.progress if last is not None and last.has_failed else None
    code = progress.code if progress else getattr(error, "reason", None)
    refused = progress is None and isinstance(error, SpawnException) and error.status_code < 500
    return Told(
        message=_message(spawner, progress, error),
        html=html if progress is None else None,
        step=_step(progress),
        advice=advice_for(code, refused=refused),
        code=code or None,
        session=short_id(progress.session) if progress else None,
    )


def _message(spawner: Any, progress: Progress | None, error: BaseException | None) -> str:
    if progress is not None and progress.code == NEVER_ANSWERED:
        return f"The notebook was started, but it did not answer within {spawner.http_timeout} seconds."
    if isinstance(error, AnyTimeoutError):
        return (
            f"Your server was not ready within {spawner.start_timeout} seconds, and the start was given up."
        )
    if progress is not None and progress.message:
        return progress.message
    meant = getattr(error, "jupyterhub_message", None) or (
        error.message if isinstance(error, SpawnException) else None
    )
    return meant or "Spawn failed; why is in the log of the hub."


def _step(progress: Progress | None) -> str | None:
    if progress is None:
        return None
    if progress.code == NEVER_ANSWERED:
        return WAITING
    return doing(progress.failed_step) if progress.failed_step else None
