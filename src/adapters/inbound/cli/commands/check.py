"""`multiplespawner check`."""

from typing import TYPE_CHECKING, Annotated

import typer

from .options import HOME, Deployments, Folder, Strict, Templates

if TYPE_CHECKING:
    from .....application.ports.configuration import Configuration
    from .....bootstrap import Settings

Watch = Annotated[
    bool, typer.Option("--watch", help="Go on, and tell it again at each change, until interrupted.")
]


def check(
    directory: Folder = HOME,
    templates: Templates = "",
    deployments: Deployments = "",
    strict: Strict = False,
    watch: Watch = False,
) -> None:
    """Read the configuration, tell all that is wrong with it and what it offers; 1 if there are errors."""
    from .....bootstrap import load_configuration
    from ..looking import settings

    where = settings(directory, templates=templates, deployments=deployments)
    raise typer.Exit(_watched(where, strict) if watch else _told(load_configuration(where), strict))


def _watched(settings: "Settings", strict: bool) -> int:
    """The status of the last report."""
    import asyncio
    from datetime import datetime

    from .....bootstrap import reloading_configurations
    from ..watching import watch

    statuses = [0]

    def tell(read: "Configuration") -> None:
        typer.secho(f"\n── {datetime.now().astimezone().isoformat(' ', 'seconds')} ──\n", bold=True)
        statuses[:] = [_told(read, strict)]

    try:
        asyncio.run(watch(reloading_configurations(settings), tell))
    except KeyboardInterrupt:
        return statuses[0]


def _told(read: "Configuration", strict: bool) -> int:
    from rich.console import Console

    from ..report import Report

    report = Report(read)
    # soft: a long line is the terminal's to wrap, so that what is copied or searched is whole
    Console(soft_wrap=True, highlight=False, markup=False).print(report.text())
    return report.status(strict=strict)
