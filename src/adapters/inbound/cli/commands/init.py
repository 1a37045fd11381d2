"""`multiplespawner init`: a configuration to begin with."""

from enum import StrEnum
from typing import Annotated

import typer

from .options import HOME, Folder


class Where(StrEnum):
    """The places that can be chosen."""

    HUB_USER = "hub-user"
    ACCOUNTS = "accounts"


HOURS = 8

Place = Annotated[
    Where | None,
    typer.Option(
        help="On this machine, all as the user who runs the hub, or each user under their own account.",
    ),
]
Hours = Annotated[
    int | None, typer.Option("--hours", min=0, help="How long a server may run; 0: until it is stopped.")
]
Groups = Annotated[
    list[str] | None,
    typer.Option("--group", help="A group whose members may start servers, repeatable; without: everyone."),
]
Yes = Annotated[
    bool,
    typer.Option("--yes", "-y", help=f"Ask nothing: {Where.HUB_USER}, {HOURS} hours, everyone, if not said."),
]
Force = Annotated[bool, typer.Option("--force", help="Write over files that are there already.")]


def init(
    directory: Folder = HOME,
    place: Place = None,
    hours: Hours = None,
    group: Groups = None,
    yes: Yes = False,
    force: Force = False,
) -> None:
    """Write both files of a configuration that works, with comments, and check them; asks what isn't said.

    Leaves with 1 if there are files that may not be written over, or if `check` finds anything wrong.
    """
    from ..beginning import Answers, check, there_already, write
    from ..looking import CANNOT, leave, settings

    folder = settings(directory).directory
    there = there_already(folder)
    if there and not force:
        _ask_to_write_over([str(path) for path in there], yes)
    answers = Answers(
        place=place or (Where.HUB_USER if yes else _ask_place()),
        hours=hours if hours is not None else HOURS if yes else _ask_hours(),
        groups=tuple(group or ()) if group or yes else _ask_groups(),
    )
    try:
        write(folder, answers)
    except OSError as error:
        leave(CANNOT, f"{folder} can't be written: {error.strerror}.")
    except UnicodeEncodeError as error:
        raise typer.BadParameter(error.reason, param_hint="--group") from None
    raise typer.Exit(check(folder))


def _ask_to_write_over(there: list[str], yes: bool) -> None:
    from ..looking import NO, leave
    from ..report import clean

    named = " and ".join(there)
    if yes:
        leave(NO, f"{named} is there already; --force writes over it.")
    if not typer.confirm(clean(f"{named} is there already. Write over it?")):
        leave(NO, "Nothing was written.")


def _ask_place() -> str:
    from ..beginning import PLACES as KNOWN

    for name, known in KNOWN.items():
        typer.echo(f"  {name:<10}{known.words}")
    return str(typer.prompt("Where shall notebooks run?", default=Where.HUB_USER.value, value_proc=_place))


def _place(said: str) -> Where:
    try:
        return Where(said)
    except ValueError:
        raise typer.BadParameter(f"Say {' or '.join(Where)}.") from None


def _ask_hours() -> int:
    question = "How many hours may a server run? 0: until it is stopped"
    return int(typer.prompt(question, default=str(HOURS), value_proc=_hours))


def _hours(said: str) -> int:
    if not said.isdecimal():
        raise typer.BadParameter("Say a whole number, 0 or more.")
    return int(said)


def _ask_groups() -> tuple[str, ...]:
    question = "Which groups may start servers? With commas between; nothing: everyone"
    said = typer.prompt(question, default="", show_default=False)
    return tuple(name.strip() for name in said.split(",") if name.strip())
