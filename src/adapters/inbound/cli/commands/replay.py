"""`multiplespawner replay`: a session as it was."""

from typing import Annotated

import typer

from .options import HOME, EventLog, Folder, Json, SessionArgument

At = Annotated[
    str, typer.Option("--at", help="As it was then, such as 2026-11-25T14:00 or 2h; else as it is now.")
]


def replay(
    session: SessionArgument,
    directory: Folder = HOME,
    event_log: EventLog = "",
    at: At = "",
    json: Json = False,
) -> None:
    """Tell how a session was at a time, why it was allowed, and what led to it.

    The states of session, resource, deployment and allowances; the user's groups then, and the configuration
    that allowed it, with its files; each step and each fact with how long it took.
    """
    from datetime import timedelta

    from ..looking import look
    from ..moments import moment
    from ..replaying import show

    time = moment(at, "--at")
    # times are told to the second: said again, they take in what they were told of
    until = time + timedelta(microseconds=999_999) if time and not time.microsecond else time
    look(directory, event_log, lambda reading: show(reading, session, until, json=json))
