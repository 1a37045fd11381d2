"""What every benchmark prints: the machine, a small table, and the same figures as JSON."""

import json
import os
import platform
import statistics
from collections.abc import Mapping, Sequence
from typing import Any

from attrs import frozen
from rich.console import Console
from rich.table import Table


@frozen
class Ratios:
    """Ours ÷ theirs, each pair measured one right after the other."""

    ours: tuple[float, ...]
    theirs: tuple[float, ...]

    @property
    def median(self) -> float:
        """Median of the ratios of the pairs."""
        return statistics.median(self._of_pairs())

    @property
    def spread(self) -> tuple[float, float]:
        """First and third quartile of the ratios of the pairs; the median twice if there is one pair only."""
        ratios = self._of_pairs()
        if len(ratios) < 2:
            return self.median, self.median
        low, _, high = statistics.quantiles(ratios, n=4, method="inclusive")
        return low, high

    @property
    def added(self) -> float:
        """Median of the differences of the pairs, in the unit of what was measured."""
        return statistics.median(a - b for a, b in zip(self.ours, self.theirs, strict=True))

    def _of_pairs(self) -> list[float]:
        return [a / b for a, b in zip(self.ours, self.theirs, strict=True)]


def told(name: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Print rows as a table for people, then as one line of JSON with the machine that they come from."""
    table = Table(*rows[0], title=name, title_justify="left")
    for row in rows:
        table.add_row(*(_shown(value) for value in row.values()))
    Console(width=110).print(table)
    print(json.dumps({"benchmark": name, "machine": machine(), "rows": list(rows)}))


def machine() -> dict[str, Any]:
    """What the figures depend on beside us."""
    return {
        "python": platform.python_version(),
        "processors": len(os.sched_getaffinity(0)),
        "load": [round(each, 1) for each in os.getloadavg()],
    }


def _shown(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
