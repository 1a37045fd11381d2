"""`multiplespawner ca` and its parts: the keys that hosts trust, exchanged and revoked."""

from pathlib import Path
from typing import Annotated

import typer

from .options import HOME, Folder, Json

app = typer.Typer(invoke_without_command=True, rich_markup_mode="markdown", pretty_exceptions_enable=False)

Sign = Annotated[
    bool, typer.Option("--sign", help="Have the next key sign from now on: every host trusts it by now.")
]
Serials = Annotated[
    list[int],
    typer.Argument(metavar="SERIAL", help="Serials of certificates, as the log has them.", min=1),
]
Output = Annotated[
    Path | None,
    typer.Option("--output", "-o", help="File to write; ssh/revoked_keys in the folder if none is named."),
]


@app.callback()
def ca(context: typer.Context, directory: Folder = HOME, json: Json = False) -> None:
    """Print the keys of the hub's user CA, and what a host's sshd needs to let in whom it signs for.

    The CA is made the first time. Run it as the user whose hub it is.
    """
    if context.invoked_subcommand:
        names = ("rotate", "retire", "revoke", "revocations")
        context.default_map = {name: {"directory": str(directory), "json": json} for name in names}
        return
    from ..authorities import shown

    shown(directory, json=json)


@app.command()
def rotate(directory: Folder = HOME, sign: Sign = False, json: Json = False) -> None:
    """Begin to exchange the key: make the next one, for hosts to trust; then, with --sign, have it sign.

    No host refuses anybody if they trust all keys that `ca` prints before the next step: `rotate`,
    `rotate --sign`, `retire`.
    """
    from ..authorities import rotated

    rotated(directory, sign=sign, json=json)


@app.command()
def retire(directory: Folder = HOME, json: Json = False) -> None:
    """Forget the keys that signed before; 1 if there are none. Take them from the hosts afterwards."""
    from ..authorities import retired

    retired(directory, json=json)


@app.command()
def revoke(serial: Serials, directory: Folder = HOME, json: Json = False) -> None:
    """Let nobody in any more by certificates with these serials: none is renewed from now on.

    Hosts refuse those that are out already when they have the list that `ca revocations` writes; without it
    they end by themselves within minutes. Connections that are there stay.
    """
    from ..authorities import revoked

    revoked(directory, serial, json=json)


@app.command()
def revocations(directory: Folder = HOME, output: Output = None, json: Json = False) -> None:
    """Write what was revoked as a key revocation list, for RevokedKeys of a host's sshd."""
    from ..authorities import written

    written(directory, output, json=json)
