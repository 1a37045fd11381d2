"""`multiplespawner reconcile` and `adopt`: for when no hub runs."""

from typing import TYPE_CHECKING, Annotated

import typer

from .options import HOME, AllHubs, EventLog, Folder, Hub

if TYPE_CHECKING:
    from ..reconciling import Round


def reconcile(
    directory: Folder = HOME,
    event_log: EventLog = "",
    hub: Hub = "",
    all_hubs: AllHubs = False,
    once: Annotated[
        bool, typer.Option("--once", help="One round; leave with 1 if something is left.")
    ] = False,
) -> None:
    """Take over what hubs left behind: end unfinished starts, give back what nobody uses.

    What a living hub drives is left to it. Without --once it goes on until interrupted.
    """
    from attrs import evolve

    from ..hubs import whose
    from ..looking import leave_with, settings
    from ..reconciling import reconcile as run

    where = settings(directory, event_log)
    of_hub = evolve(where, hub=whose(where.directory, hub, all_hubs))
    leave_with(lambda: run(of_hub, once=once, tell=_tell), interrupted=0)


def adopt(directory: Folder = HOME, event_log: EventLog = "") -> None:
    """Believe an event log that was copied, moved or restored; hubs that use it must be started again.

    Only do so when it is the newest state of the log and no other hub uses another copy of it.
    """
    from attrs import evolve

    from ..looking import leave_with, settings
    from ..reconciling import adopt as run

    # a log is believed as a whole, whichever hubs use it
    of_all = evolve(settings(directory, event_log), hub=None)
    leave_with(lambda: run(of_all))


def _tell(done: "Round") -> None:
    if done.found.doubt is not None:
        typer.echo(f"only observed: {done.found.doubt}; see multiplespawner adopt --help")
    destroyed = sum(len(reaped.destroyed) for reaped in done.found.reaped)
    typer.echo(f"{done.running} running, {done.unfinished} unfinished, {destroyed} orphans destroyed")
