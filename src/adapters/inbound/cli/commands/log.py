"""`multiplespawner log` and `log verify`: what happened, and whether the log is whole."""

from typing import Annotated

import typer

from .options import HOME, EventLog, Facts, Folder, Json, Resource, Session, Since, User

app = typer.Typer(invoke_without_command=True, rich_markup_mode="markdown", pretty_exceptions_enable=False)

LAST = 50
"""Records that are told where nothing narrows them down; as many as fit on a screen."""
LAST_FOLLOWED = 10


@app.callback()
def log(
    context: typer.Context,
    directory: Folder = HOME,
    event_log: EventLog = "",
    follow: Annotated[
        bool, typer.Option("--follow", "-f", help="Go on with what happens, until interrupted.")
    ] = False,
    user: User = "",
    session: Session = "",
    resource: Resource = "",
    since: Since = "",
    name: Facts = None,
    last: Annotated[
        int | None,
        typer.Option("--last", "-n", min=0, help="At most so many, the latest; see above for the default."),
    ] = None,
    whole: Annotated[bool, typer.Option("--all", help="All there is, from the beginning.")] = False,
    json: Json = False,
) -> None:
    """Tell what happened: time, fact, session, resource, user, provider, and what the fact carries.

    Without a word about what, the last 50 facts, or the last 10 before those that --follow tells. With
    --user, --session, --resource or --since, all that there are.
    """
    if context.invoked_subcommand:
        context.default_map = {"verify": {"directory": str(directory), "event_log": event_log}}
        return
    from ..finding import fact_names
    from ..looking import look
    from ..moments import moment
    from ..telling import Asked, tell

    narrowed = bool(user or session or resource or since or whole)
    asked = Asked(
        user=user,
        session=session,
        resource=resource,
        names=fact_names(name or ()),
        since=moment(since, "--since"),
        last=last if last is not None or narrowed else LAST_FOLLOWED if follow else LAST,
        follow=follow,
        json=json,
    )
    look(directory, event_log, lambda reading: tell(reading, asked), interrupted=0 if follow else 130)


@app.command()
def verify(directory: Folder = HOME, event_log: EventLog = "", json: Json = False) -> None:
    """Check that every record can be read and follows from the one before it; name the first that doesn't.

    What it can't see: records cut off at the end of a stream, and a log rewritten as a whole.
    """
    from ..looking import look
    from ..verifying import verify as check

    look(directory, event_log, lambda reading: check(reading, json=json))
