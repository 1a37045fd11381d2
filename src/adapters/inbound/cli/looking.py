"""How a command that only looks is run, and what is said where there is nothing to see."""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Any, NoReturn

import typer

from ....application.ports.claims import ClaimsUnavailable
from ....application.ports.custody import CustodyUnavailable
from ....application.ports.event_log import LogDamaged, LogUnavailable
from ....application.ports.private_store import PrivateStoreUnavailable
from ....application.ports.user_names import UserNamesUnavailable
from ....application.views.ids import IdAmbiguous, IdUnknown
from ....bootstrap import Settings
from ....bootstrap.reading import CannotRead, Reading, open_reading
from .finding import NotFound
from .report import clean

NO = 1
"""Exit status of an answer that is no."""
CANNOT = 2
"""Exit status where nothing can be answered."""

UNAVAILABLE = (
    CannotRead,
    LogUnavailable,
    UserNamesUnavailable,
    ClaimsUnavailable,
    CustodyUnavailable,
    PrivateStoreUnavailable,
)
"""Errors that say in words what can't be used now."""

Question = Callable[[Reading], Awaitable[int]]
"""Asks what lies there and says the answer; gives the exit status."""


def look(directory: Path, event_log: str, question: Question, *, interrupted: int = 130) -> NoReturn:
    """Ask, and leave with the answer's status, or with a sentence about why there is none."""
    leave_with(lambda: _ask(settings(directory, event_log), question), interrupted=interrupted)


def settings(
    directory: Path,
    event_log: str = "",
    *,
    templates: str = "",
    deployments: str = "",
) -> Settings:
    """Where things lie, as the options say; raises typer.BadParameter for a home that nobody has."""
    option = "--directory"
    try:
        made = Settings(
            directory=directory.expanduser(),
            event_log=event_log,
            template_file=templates,
            deployment_file=deployments,
        )
        option = "--event-log"
        _ = made.log_file
    except RuntimeError as error:
        raise typer.BadParameter(str(error), param_hint=option) from None
    return made


def leave_with(answer: Callable[[], Coroutine[Any, Any, int]], *, interrupted: int = 130) -> NoReturn:
    """Leave with an answer's status, or with a sentence about why there is none."""
    try:
        raise typer.Exit(asyncio.run(answer()))
    except IdAmbiguous as error:
        leave(NO, f"{error}: {', '.join(error.some)}")
    except (IdUnknown, NotFound) as error:
        leave(NO, str(error))
    except LogDamaged as error:
        leave(CANNOT, f"{error}. `multiplespawner log verify` tells where the damage begins.")
    except UNAVAILABLE as error:
        leave(CANNOT, str(error))
    except UnicodeEncodeError as error:
        leave(CANNOT, f"{error.object!r} is not text that is written in UTF-8")
    except BrokenPipeError:
        # what Python still has to write at its end goes nowhere
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(0) from None
    except KeyboardInterrupt:
        raise typer.Exit(interrupted) from None


def leave(status: int, why: str) -> NoReturn:
    """Say why on the standard error, as one sentence or more on one line, and leave."""
    said = clean(" ".join(why.split()))
    typer.echo(f"{said[:1].upper()}{said[1:]}{'' if said.endswith(('.', '?')) else '.'}", err=True)
    raise typer.Exit(status)


async def _ask(settings: Settings, question: Question) -> int:
    reading = await asyncio.to_thread(open_reading, settings)
    try:
        return await question(reading)
    finally:
        await reading.log.close()
        # before anything is said of what went wrong, and while a reader that has gone is still expected
        sys.stdout.flush()
