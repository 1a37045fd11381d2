"""The keys of the hub's user CA: shown, exchanged, revoked."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NoReturn

import typer

from ....bootstrap.ca import CaUnusable, SshFailed, UserCa, fingerprint, user_ca
from .documents import json_text
from .looking import CANNOT, NO, leave, settings
from .whole_files import write_whole

FOLDER = "/etc/ssh/multiplespawner"
"""On a host; setup_ssh_spawner.yml writes the same."""
TRUSTED = f"{FOLDER}/user_ca.pub"
REVOKED = f"{FOLDER}/revoked_keys"

SSHD = (f"TrustedUserCAKeys {TRUSTED}", "ClientAliveInterval 15", "ClientAliveCountMax 3")
"""Lines for sshd_config: whom to trust, and how soon the ports of a lost connection are free again."""

MEANINGS = {
    "signing": "signs now",
    "next": "signs after `multiplespawner ca rotate --sign`",
    "previous": "signed before; not needed after `multiplespawner ca retire`",
}


def shown(directory: Path, *, json: bool) -> NoReturn:
    """Print the keys and what is to be done with them."""
    _answer(directory, lambda ca: _told(ca, json=json))


def rotated(directory: Path, *, sign: bool, json: bool) -> NoReturn:
    """Make the next key, or have it sign; print what hosts must trust now."""

    def change(ca: UserCa) -> int:
        if sign and not any(key.state == "next" for key in ca.trusted()):
            return _no("there is no next key yet: `multiplespawner ca rotate` makes it")
        if sign:
            ca.switch()
        else:
            ca.rotate()
        return _told(ca, json=json)

    _answer(directory, change)


def retired(directory: Path, *, json: bool) -> NoReturn:
    """Forget former keys; print what hosts must trust still."""

    def change(ca: UserCa) -> int:
        if not ca.retire():
            return _no("no key has signed before this one: there is nothing to retire")
        return _told(ca, json=json)

    _answer(directory, change)


def revoked(directory: Path, serials: Iterable[int], *, json: bool) -> NoReturn:
    """Note serials; print all that are revoked."""

    def change(ca: UserCa) -> int:
        ca.revoke(*serials)
        numbers = sorted(ca.revoked())
        if json:
            typer.echo(json_text({"revoked": numbers}))
        else:
            typer.echo(f"Revoked: {', '.join(map(str, numbers))}")
            typer.echo("`multiplespawner ca revocations` writes the list that hosts need.")
        return 0

    _answer(directory, change)


def written(directory: Path, output: Path | None, *, json: bool) -> NoReturn:
    """Write the list and print what is to be done with it."""

    def write(ca: UserCa) -> int:
        file = output or ca.directory / "ssh" / "revoked_keys"
        try:
            write_whole(file, ca.revocation_list())
        except OSError as error:
            leave(CANNOT, f"{file} can't be written: {error.strerror}")
        if json:
            typer.echo(json_text({"file": str(file), "revoked": sorted(ca.revoked())}))
        else:
            typer.echo(f"Wrote {file}: {len(ca.revoked())} revoked.")
            typer.echo(f"Copy it to {REVOKED} on every host, and only then put this into its sshd_config:")
            typer.echo(f"RevokedKeys {REVOKED}")
        return 0

    _answer(directory, write)


def _told(ca: UserCa, *, json: bool) -> int:
    keys = ca.trusted()
    if json:
        told = [
            {"state": key.state, "fingerprint": fingerprint(key.line), "public_key": key.line} for key in keys
        ]
        typer.echo(json_text({"keys": told, "sshd": SSHD, "revoked": sorted(ca.revoked())}))
        return 0
    typer.echo(f"# {TRUSTED} on every host:")
    for key in keys:
        typer.echo(f"# {MEANINGS[key.state]}: {fingerprint(key.line)}")
        typer.echo(key.line)
    typer.echo("\n# sshd_config on every host; then have sshd read it again:")
    for line in SSHD:
        typer.echo(line)
    return 0


def _answer(directory: Path, answer: Callable[[UserCa], int]) -> NoReturn:
    try:
        raise typer.Exit(answer(user_ca(settings(directory).directory)))
    except (CaUnusable, SshFailed) as error:
        leave(CANNOT, str(error))


def _no(why: str) -> NoReturn:
    leave(NO, why)
