"""The commands of `multiplespawner`, one file each in `commands`."""

from collections.abc import Callable

import typer

from .commands.ca import app as ca
from .commands.check import check
from .commands.forget import forget
from .commands.hosts import hosts
from .commands.init import init
from .commands.listing import resources, sessions
from .commands.log import app as log
from .commands.offers import offers
from .commands.reconcile import adopt, reconcile
from .commands.replay import replay
from .commands.version import version

app = typer.Typer(
    help="Say what the users of a JupyterHub can choose, and see what became of it.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
)

PANELS: dict[str, tuple[Callable[..., None], ...]] = {
    "What is offered": (init, check, offers),
    "What happens": (sessions, resources, hosts, replay),
    "What is to be done by hand": (reconcile, adopt, forget),
    "Else": (version,),
}

for panel, commands in PANELS.items():
    for command in commands:
        app.command(rich_help_panel=panel)(command)
app.add_typer(ca, name="ca", rich_help_panel="What is to be done by hand")
app.add_typer(log, name="log", rich_help_panel="What happens")
