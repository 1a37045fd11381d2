"""Erasing a person's name."""

import typer

from ....bootstrap import Settings
from ....bootstrap.reading import names_of
from .finding import NotFound
from .looking import NO
from .report import clean


async def forget(settings: Settings, name: str, *, sure: bool) -> int:
    """Ask unless `sure`, erase the name and say what stays; the exit status. Raises NotFound."""
    names = names_of(settings)
    found = await names.find(name)
    if not found:
        raise NotFound(f"nobody called {name} is known here")
    ids = ", ".join(f"user {user} of hub {hub}" for hub, user in found)
    if not sure and not typer.confirm(clean(f"Erase the name {name} of {ids}?")):
        typer.echo("nothing was erased")
        return NO
    count = await names.forget(name)
    typer.echo(clean(f"{count} erased; what happened stays in the log under the ids: {ids}"))
    return 0
