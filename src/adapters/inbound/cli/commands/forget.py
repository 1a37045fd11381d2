"""`multiplespawner forget`: a person's name is erased."""

from typing import Annotated

import typer

from .options import HOME, EventLog, Folder, UserArgument

Yes = Annotated[bool, typer.Option("--yes", "-y", help="Don't ask.")]


def forget(name: UserArgument, directory: Folder = HOME, event_log: EventLog = "", yes: Yes = False) -> None:
    """Erase a user's name; 1 if nobody of this name is known.

    The event log has no names: what happened stays in it under the hub's user ids, and still verifies. If the
    user starts a server again, the name is known again: delete the user in the hub first.
    """
    from ..forgetting import forget as erase
    from ..looking import leave_with, settings

    leave_with(lambda: erase(settings(directory, event_log), name, sure=yes))
