"""The screen, or whatever the output goes to: nothing on it but what we mean."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from rich.cells import cell_len, set_cell_size
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
        # looked up again and again it would take a twentieth of the time for a log
        self._has_styles = self.is_terminal
        if not self._has_styles:
            self.width = WIDE

    def print_cells(self, *cells: tuple[str, str]) -> None:
        """Print a line of cells, each a text with its style; what is no terminal gets it unstyled."""
        if self._has_styles:
            line = Text.assemble(*cells)
            line.rstrip()
            self.print(line)
        else:
            # a tenth of the time that styles take: a log has a million lines
            self.file.write("".join(said for said, _ in cells).rstrip() + "\n")

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


def cell(said: str, width: int) -> str:
    """A text of so many columns, filled up with blanks or cut, and one blank more."""
    text = clean(said)
    fits = cell_len(text) <= width
    return set_cell_size(text, width) + " " if fits else set_cell_size(text, width - 1) + "… "


def local(time: datetime | None) -> str:
    """A time to the second, in this machine's zone, which is named; empty for none."""
    return "" if time is None else f"{time.astimezone():%Y-%m-%d %H:%M:%S %Z}"


def lasted(time: timedelta) -> str:
    """How long something took, in two units at most: `25 ms`, `1.5 s`, `5 min 3 s`, `2 d 4 h`.

    Nothing where a clock that is behind told the end.
    """
    time = max(time, timedelta())
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
