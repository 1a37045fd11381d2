"""Counts tasks in what `ansible-playbook --list-tasks` says."""

import re

_TASK = re.compile(r"^ {6}\S.*\tTAGS: \[.*\]$", re.MULTILINE)


def tasks_in(said: str) -> int | None:
    """How many tasks there are, without those that are only included as it goes; None if none is told of."""
    return len(_TASK.findall(said)) or None
