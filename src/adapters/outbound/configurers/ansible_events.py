"""Reads what ansible-runner says of a run: a line of JSON for each event."""

import json
from collections.abc import Mapping
from typing import Any

from attrs import define

from ....application.ports.configurer import ConfigurationFailed, TaskProgress
from .ansible_failures import Words
from .run_folder import HOST

_ENDS = {
    "runner_on_ok": "ok",
    "runner_on_skipped": "skipped",
    "runner_on_failed": "failed",
    "runner_on_unreachable": "failed",
}
_FACTS = ("gather_facts", "ansible.builtin.gather_facts")
_HIDDEN = "what it said is kept secret"


@define
class Telling:
    """Tells of one run, and remembers what failed last."""

    words: Words
    total: int | None = None
    done: int = 0
    task: str | None = None
    goes_on: bool = False
    """Whether that task has begun and was not heard to end."""
    failed: ConfigurationFailed | None = None
    plays: int = 0
    """How many plays of this playbook began, whomever they are for."""
    unmatched: int = 0
    """How many of them are for no host that there is."""
    rest: str = ""
    """What Ansible said besides, such as that a playbook can't be read."""

    def begin_playbook(self) -> None:
        """What is told from now on is of another playbook."""
        self.plays = self.unmatched = 0

    @property
    def in_vain(self) -> bool:
        """Whether this playbook was for no host that there is."""
        return 0 < self.plays == self.unmatched

    def tell(self, line: bytes) -> TaskProgress | None:
        """What one line says of a task; None if nothing."""
        event = _event(line)
        data, kind = event.get("event_data", {}), event.get("event")
        if kind in ("playbook_on_task_start", "playbook_on_handler_task_start"):
            return self._begins(data, counts=kind == "playbook_on_task_start")
        if kind in _ENDS:
            return self._ends(kind, data)
        if kind == "playbook_on_no_hosts_matched":
            self.unmatched += 1
        if kind == "playbook_on_play_start":
            self.plays += 1
        if kind in ("verbose", "error", "warning"):
            self.rest = (self.rest + str(event.get("stdout", "")) + "\n")[-10_000:]
        return None

    def _begins(self, data: Mapping[str, Any], counts: bool) -> TaskProgress:
        self.task, self.goes_on = self._name(data), True
        if counts and data.get("task_action") not in _FACTS:
            self.done += 1
        return self._progress(self.task, "started", self.words.address, self.done - 1)

    def _ends(self, kind: str, data: Mapping[str, Any]) -> TaskProgress:
        state, task, host = _ENDS[kind], self._name(data), self._host(data)
        result = data.get("res") or {}
        self.goes_on = False
        if state == "failed" and not data.get("ignore_errors"):
            self.failed = self._failure(kind, task, result)
        elif state == "failed" or (state == "ok" and result.get("changed")):
            state = "changed" if result.get("changed") else "ok"
        return self._progress(task, state, host, self.done)

    def _progress(self, task: str, state: str, host: str, done: int) -> TaskProgress:
        # tasks that are only included as it goes were not counted before
        total = None if self.total is None else max(self.total, self.done)
        return TaskProgress(task, host, state, max(done, 0), total)

    def _failure(self, kind: str, task: str, result: Mapping[str, Any]) -> ConfigurationFailed:
        if kind == "runner_on_unreachable":
            return self.words.unreachable(str(result.get("msg", "")), task)
        self.words.log(f"{task} failed", _all_of(result))
        return self.words.task(task, self.words.short(_reason(result)))

    def _name(self, data: Mapping[str, Any]) -> str:
        return self.words.short(str(data.get("task", ""))) or "a task without a name"

    def _host(self, data: Mapping[str, Any]) -> str:
        host = str(data.get("host", HOST))
        return self.words.address if host == HOST else self.words.short(host)


def _event(line: bytes) -> Mapping[str, Any]:
    try:
        event = json.loads(line)
    except ValueError:
        return {}
    return event if isinstance(event, dict) else {}


def _reason(result: Mapping[str, Any]) -> str:
    if "censored" in result:
        return _HIDDEN
    for item in result.get("results") or ():
        if isinstance(item, dict) and item.get("failed"):
            return _reason(item)
    return str(result.get("msg") or "")


def _all_of(result: Mapping[str, Any]) -> str:
    """What a task said, without what it was told: arguments can be anything."""
    if "censored" in result:
        return _HIDDEN
    said = [f"{key}: {result[key]}" for key in ("msg", "rc", "stderr", "stdout") if result.get(key)]
    items = [
        _all_of(item) for item in result.get("results") or () if isinstance(item, dict) and item.get("failed")
    ]
    return "; ".join((*said, *items))
