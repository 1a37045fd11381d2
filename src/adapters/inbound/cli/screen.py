"""The screen, or whatever the output goes to: nothing on it but what we mean."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from rich.console import Console
from rich.table import Table
from rich.text import Text

from .report import clean

WIDE = 10_000
"""Columns of what is no terminal: programs and files get everything."""


class Screen(Console):
    """Prints text as it is; a reader that goes away ends the command."""

    def __init__(self, *, stderr: bool = False) -> None:
        super().__init__(stderr=stderr, soft_wrap=True, highlight=False, markup=False, emoji=False)
        if not self.is_terminal:
            self.width = WIDE

    def on_broken_pipe(self) -> None:
        """Leave it to whoever runs the command."""
        raise BrokenPipeError


def table(columns: Iterable[str], rows: Iterable[Iterable[str]]) -> Table:
    """A table of texts that come from anywhere."""
    made = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        made.add_column(column, overflow="fold")
    for row in rows:
        made.add_row(*(Text(clean(cell)) for cell in row))
    return made


def cells(*cells: tuple[str, int, str]) -> Text:
    """One line of cells, each a text with its width in columns and a style; what is too long is cut."""
    line = Text()
    for said, width, style in cells:
        cell = Text(clean(said), style)
        cell.truncate(width, overflow="ellipsis", pad=True)
        line.append_text(cell).append(" ")
    return line


def local(time: datetime | None) -> str:
    """A time to the second, in this machine's zone, which is named; empty for none."""
    return "" if time is None else f"{time.astimezone():%Y-%m-%d %H:%M:%S %Z}"


def lasted(time: timedelta) -> str:
    """How long something took, in two units at most: `25 ms`, `1.5 s`, `5 min 3 s`, `2 d 4 h`."""
    if time < timedelta(seconds=1):
        return f"{time / timedelta(milliseconds=1):.0f} ms"
    if time < timedelta(minutes=1):
        return f"{time.total_seconds():.3g} s"
    minutes, seconds = divmod(round(time.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    amounts = ((days, "d"), (hours, "h"), (minutes, "min"), (seconds, "s"))
    return " ".join([f"{amount} {unit}" for amount, unit in amounts if amount][:2])


def short(id_: str | None) -> str:
    """The first eight digits of an id, enough to name it; empty for none."""
    return (id_ or "")[:8]
