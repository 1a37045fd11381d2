"""`multiplespawner sessions` and `resources`: what runs and what is held."""

from typing import Annotated

import typer

from .options import HOME, EventLog, Folder, Json, Since, User

AllSessions = Annotated[bool, typer.Option("--all", help="Those that are over, too.")]
AllResources = Annotated[bool, typer.Option("--all", help="Those that were given back, too.")]


def sessions(
    directory: Folder = HOME,
    event_log: EventLog = "",
    every: AllSessions = False,
    user: User = "",
    since: Since = "",
    json: Json = False,
) -> None:
    """List the sessions that start, run or end now; with --all or --since those that are over, too."""
    from ..listing import Listed, list_sessions
    from ..looking import look
    from ..moments import moment

    listed = Listed(all=every or bool(since), user=user, since=moment(since, "--since"), json=json)
    look(directory, event_log, lambda reading: list_sessions(reading, listed))


def resources(
    directory: Folder = HOME,
    event_log: EventLog = "",
    every: AllResources = False,
    since: Since = "",
    json: Json = False,
) -> None:
    """List the resources that may be held now; with --all or --since those that were given back, too."""
    from ..listing import Listed, list_resources
    from ..looking import look
    from ..moments import moment

    listed = Listed(all=every or bool(since), since=moment(since, "--since"), json=json)
    look(directory, event_log, lambda reading: list_resources(reading, listed))
