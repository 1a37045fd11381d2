"""Keeps a notebook from setting more than its port."""

import sys
from typing import Any


class OnlyThePortIsReported:
    """For spawners of a hub in which batchspawner's handler for jobs is installed.

    Its `POST /hub/api/batchspawner` (batchspawner 1.3.0, api.py) sets any attribute of the spawner that a
    notebook's token belongs to, whatever class that is: another session, another event log.
    """

    def __setattr__(self, name: str, value: Any) -> None:
        if name != "port" and _is_set_by(sys._getframe(1).f_globals):
            return
        super().__setattr__(name, value)


def _is_set_by(module: dict[str, Any]) -> bool:
    return str(module.get("__name__")) == "batchspawner.api"
