"""The commands of `multiplespawner`."""

from importlib.metadata import version as version_of
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

app = typer.Typer(
    help="Check what a hub's users can choose with multiplespawner.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Folder = Annotated[Path, typer.Option(help="Folder of the configuration files.")]
Templates = Annotated[str, typer.Option(help="Template file, instead of spawner_templates.json there.")]
Deployments = Annotated[str, typer.Option(help="Deployment file, instead of spawner_deployment.json there.")]
Hub = Annotated[str, typer.Option("--hub", help="Name of the hub, as its hub_id; empty: see --all-hubs.")]
AllHubs = Annotated[
    bool,
    typer.Option("--all-hubs", help="Of every hub on this log; the default where there is no hub_id file."),
]
Strict = Annotated[bool, typer.Option("--strict", help="Leave with 1 for warnings too.")]


@app.command()
def check(
    directory: Folder = Path("~/.multiplespawner"),
    templates: Templates = "",
    deployments: Deployments = "",
    strict: Strict = False,
) -> None:
    """Read the configuration, tell all that is wrong with it and what it offers; 1 if there are errors."""
    # only here is the rest imported: `version` and `--help` answer at once
    from ....bootstrap import Settings, load_configuration
    from .report import Report

    try:
        settings = Settings(
            directory=directory.expanduser(), template_file=templates, deployment_file=deployments
        )
    except RuntimeError as error:
        raise typer.BadParameter(str(error), param_hint="--directory") from None
    report = Report(load_configuration(settings))
    # soft: a long line is the terminal's to wrap, so that what is copied or searched is whole
    Console(soft_wrap=True, highlight=False, markup=False).print(report.text())
    raise typer.Exit(report.status(strict=strict))


@app.command()
def reconcile(
    directory: Folder = Path("~/.multiplespawner"),
    event_log: Annotated[str, typer.Option(help="SQLite file or postgresql:// URL, as for the hub.")] = "",
    hub: Hub = "",
    all_hubs: AllHubs = False,
    once: Annotated[
        bool, typer.Option("--once", help="One round; leave with 1 if something is left.")
    ] = False,
) -> None:
    """Take over what hubs left behind: end unfinished starts, give back what nobody uses.

    What a living hub drives is left to it. Without --once it goes on until interrupted.
    """
    import asyncio

    from ....bootstrap import Settings
    from .hubs import whose
    from .reconciling import Round
    from .reconciling import reconcile as run

    def tell(done: Round) -> None:
        if done.found.doubt is not None:
            typer.echo(f"only observed: {done.found.doubt}; see multiplespawner adopt --help")
        destroyed = sum(len(reaped.destroyed) for reaped in done.found.reaped)
        typer.echo(f"{done.running} running, {done.unfinished} unfinished, {destroyed} orphans destroyed")

    settings = Settings(
        directory=directory.expanduser(),
        event_log=event_log,
        hub=whose(directory.expanduser(), hub, all_hubs),
    )
    try:
        raise typer.Exit(asyncio.run(run(settings, once=once, tell=tell)))
    except KeyboardInterrupt:
        raise typer.Exit(0) from None


@app.command()
def adopt(
    directory: Folder = Path("~/.multiplespawner"),
    event_log: Annotated[str, typer.Option(help="SQLite file or postgresql:// URL, as for the hub.")] = "",
) -> None:
    """Believe an event log that was copied, moved or restored; hubs that use it must be started again.

    Only do so when it is the newest state of the log and no other hub uses another copy of it.
    """
    import asyncio

    from ....bootstrap import Settings
    from .reconciling import adopt as run

    # a log is believed as a whole, whichever hubs use it
    asyncio.run(run(Settings(directory=directory.expanduser(), event_log=event_log, hub=None)))
    typer.echo("adopted; start the hub again")


@app.command()
def version() -> None:
    """Print the version of this package."""
    typer.echo(version_of("multiplespawner"))
