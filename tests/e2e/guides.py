"""Reads a guide, does what it says on a real hub, and holds what it shows against what is told."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from attrs import define, field, frozen

from e2e.hubs import LIMIT, RealHub

GUIDES = Path(__file__).parents[2] / "docs" / "guides"

BLOCK = re.compile(r"^(?:`([^`\n]+)`:\n\n)?```(\w+)\n(.*?)^```$|^## ([^\n]+)$", re.MULTILINE | re.DOTALL)

READER = "/home/hub"
"""Home of the guides' reader."""

LEFT_OUT = "…"
"""Stands in a guide for lines, or for the rest of a line, that were left out."""

ID = re.compile(r"\b(?:[0-9a-f]{64}|[0-9a-f]{32}|[0-9a-f]{16}|[0-9a-f]{8})\b")

DIFFERS = re.compile(
    r"""\d{4}-\d\d-\d\d(?:[ T]\d\d:\d\d:\d\d(?:\.\d+\+00:00|Z|[ ]UTC)?)?    # times
    |\b\d+(?:\.\d+)?[ ](?:ms|s|min|h)\b                           # durations
    |\b\d+@\d+                                                    # processes
    |(?<=127\.0\.0\.1):\d+                                        # ports
    |(?<![\w.:=-])\d+(?=[ ]+(?:of[ ]hub|local/))                 # users of the hub
    |(?<=whole:[ ])\d+[ ]records[ ]of[ ]\d+""",
    re.VERBOSE,
)
"""What is another at each run."""


TIME = re.compile(r"\b\d{4}-\d\d-\d\d(?:[ T]\d\d:\d\d:\d\d)?")

SOON = 10.0
"""Seconds until what a hub does of itself is told, such as taking an edit."""


class Unlike(AssertionError):
    """Something else was told than the guide shows."""


@frozen
class Block:
    """A block of a guide."""

    section: str
    file: str
    """Its name where the block is the content of one, else empty."""
    language: str
    text: str


@frozen
class Command:
    """What a reader types, and the lines that the guide shows below it."""

    line: str
    said: tuple[str, ...]


def blocks(name: str) -> Iterator[Block]:
    """All blocks of a guide, in order."""
    section = ""
    for file, language, text, title in BLOCK.findall((GUIDES / name).read_text()):
        section = title or section
        if language:
            yield Block(section, file, language, text)


def commands(text: str) -> Iterator[Command]:
    """What is typed in a console, each with what is shown; lines that begin with > go on with a command."""
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        lines = part.splitlines()
        typed = 1 + sum(1 for line in lines if line.startswith("> "))
        line = "\n".join([lines[0], *(line[2:] for line in lines[1:typed])])
        yield Command(line, tuple(lines[typed:]))


@define
class Reader:
    """Somebody who follows guides, in a home that is the hub's folder."""

    hub: RealHub
    ids: dict[str, str] = field(factory=dict)
    """By the first eight digits of an id in the guide, its counterpart here."""
    times: dict[datetime, datetime] = field(factory=dict)
    """By a time that the guide shows, when the same happened here."""
    sections: set[str] = field(factory=set)
    """What was read so far."""
    environment: dict[str, str] = field(factory=dict)
    """What they have exported."""

    def does(self, command: Command) -> None:
        """Type a command and compare; what a hub does of itself may come later, so look again for a while."""
        until = None
        while True:
            try:
                self.compare(command.said, self.run(command.line))
                return
            except Unlike:
                until = until or time.monotonic() + SOON
                if time.monotonic() > until:
                    raise

    def run(self, line: str) -> str:
        """What a command says; it has to leave with 0. Ids of the guide are replaced by those of here."""
        binaries = Path(sys.executable).parent
        environment = {
            **os.environ,
            **self.environment,
            "HOME": str(self.hub.folder),
            "PATH": f"{binaries}:{os.environ['PATH']}",
            "TZ": "UTC",
        }
        here = re.sub(r"\b[0-9a-f]{8}\b", lambda found: self.ids.get(found[0], found[0]), line)
        here = TIME.sub(lambda found: self._here(found[0]), here)
        done = subprocess.run(
            ["bash", "-c", here],
            cwd=self.hub.folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=LIMIT,
        )
        told = (done.stdout + done.stderr).replace(str(self.hub.folder), READER)
        assert done.returncode == 0, (here, told)
        return told

    def compare(self, said: tuple[str, ...], told: str) -> None:
        """Every line of the guide is told, in this order, and without a gap where the guide shows none."""
        left = [line.rstrip() for line in told.splitlines()]
        gap = False
        for line in said:
            if line == LEFT_OUT:
                gap = True
                continue
            while gap and left and not alike(line, left[0]):
                left.pop(0)
            if not left or not alike(line, left[0]):
                raise Unlike(f"the guide shows {line!r}; told was\n{told}")
            self._learn(line, left.pop(0))
            gap = False
        if left and not gap:
            raise Unlike(f"the guide doesn't show {left[0]!r}; told was\n{told}")

    def _learn(self, said: str, told: str) -> None:
        for one, other in zip(ID.findall(said), ID.findall(told), strict=False):
            self.ids[one[:8]] = other[:8]
        for one, other in zip(TIME.findall(said), TIME.findall(told), strict=False):
            self.times[datetime.fromisoformat(one)] = datetime.fromisoformat(other)

    def _here(self, said: str) -> str:
        """The time here that lies between the same events as a time of the guide.

        A day is as far from the last event before it, else from the first one, as it is in the guide.
        """
        then = datetime.fromisoformat(said)
        if len(said) == len("2026-11-25"):
            # a run may go on past midnight, and what it tells of may end on the next day
            near = max((time for time in self.times if time <= then), default=min(self.times))
            return str(then.date() + (self.times[near].date() - near.date()))
        before = max(time for time in self.times if time <= then)
        after = min(time for time in self.times if time > then)
        share = (then - before) / (after - before)
        between = self.times[before] + share * (self.times[after] - self.times[before])
        return between.isoformat(timespec="seconds")


def alike(said: str, told: str) -> bool:
    """Whether two lines say the same but for ids, times, durations, spaces and what the first leaves out."""
    ours, theirs = (" ".join(DIFFERS.sub("#", ID.sub("#", line)).split()) for line in (said, told))
    parts = (re.escape(part.strip()) for part in ours.split(LEFT_OUT))
    return re.fullmatch(".*".join(parts), theirs) is not None
