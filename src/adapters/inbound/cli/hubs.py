"""Whose sessions a command sees to."""

from pathlib import Path

import typer

from ....bootstrap import HubIdUnusable, kept_hub_id


def whose(directory: Path, hub: str, all_hubs: bool) -> str | None:
    """The hub's name, None for all hubs; without a word about it the hub of the directory, else all.

    Says on the screen which it is. Raises typer.BadParameter for options that don't fit.
    """
    if hub and all_hubs:
        raise typer.BadParameter("say either which hub or all of them", param_hint="--hub")
    try:
        found = None if all_hubs else hub or kept_hub_id(directory)
    except HubIdUnusable as error:
        raise typer.BadParameter(str(error), param_hint="--directory") from None
    typer.echo("sessions of all hubs on this log" if found is None else f"sessions of the hub {found}")
    return found
