"""The commands of `multiplespawner`, one file each in `commands`."""

import typer

from .commands.check import check
from .commands.offers import offers
from .commands.reconcile import adopt, reconcile
from .commands.version import version

app = typer.Typer(
    help="Check what a hub's users can choose with multiplespawner.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

for command in (check, offers, reconcile, adopt, version):
    app.command()(command)
