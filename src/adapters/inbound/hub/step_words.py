"""The steps of a start in words for the person who waits."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from ....application import doubts
from ....application.ports.configurer import TaskProgress
from ....application.views.progress import Progress
from ....application.views.steps import Step, StepName, StepState
from ....domain.session import SessionPhase

_WORDS: Mapping[StepName, tuple[str, str]] = {
    StepName.REQUESTED: ("Requesting your server", "Your server is requested"),
    StepName.MACHINE: ("Ordering the machine", "The machine is ready"),
    StepName.KEYS: ("Making keys for the machine", "The keys are made"),
    StepName.SETUP: ("Setting up the machine", "The machine is set up"),
    StepName.NOTEBOOK: ("Starting the notebook", "The notebook is started"),
    StepName.STOPPING: ("Stopping the notebook", "The notebook is stopped"),
    StepName.RELEASE: ("Giving back what it used", "What it used is given back"),
}
"""While it is done, and once it is."""

ANSWER = "answer"
"""What comes after all steps of the log: the hub waits until the notebook answers."""

WAITING = "Waiting until the notebook answers"

SOON = 1.0
"""Seconds; of what usually takes less, nobody needs to be told how long it takes."""

NEVER_ANSWERED = doubts.NEVER_ANSWERED
"""Why a session is stopped whose notebook ran and did not answer the hub in time."""


def title(step: Step) -> str:
    """What is done, or was."""
    doing, done = _WORDS[step.name]
    return done if step.state is StepState.DONE else doing


def doing(name: StepName) -> str:
    """What is done in this step."""
    return _WORDS[name][0]


def short(seconds: float) -> str:
    """A time that people read at a glance: `0.3 s`, `42 s`, `3 min 20 s`, `2 h 5 min`."""
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def lines(progress: Progress) -> Iterator[tuple[tuple[str, ...], str]]:
    """What is told of each step, oldest first, each line with its key: begun, tried again, done or failed."""
    for step in progress.steps:
        if step.name is not StepName.REQUESTED:
            usual = (
                f"; this usually takes {short(step.expected)}"
                if step.expected and step.expected >= SOON
                else ""
            )
            yield (step.name, StepState.RUNNING), f"{doing(step.name)}{usual}"
        if "machine" in step.known:
            yield (step.name, "machine"), f"Machine {step.known['machine']} is chosen"
        if step.state is StepState.RUNNING and step.detail:
            yield (step.name, step.code or ""), f"{doing(step.name)}: {step.detail} It is tried again."
        yield from _entered(step)
        if step.state is StepState.DONE:
            took = f" after {short(step.seconds)}" if step.seconds else ""
            yield (step.name, StepState.DONE), f"{title(step)}{took}"
        elif step.state is StepState.FAILED:
            took = f" after {short(step.seconds)}" if step.seconds else ""
            why = f": {step.detail}" if step.detail else ""
            yield (step.name, StepState.FAILED), f"{doing(step.name)} failed{took}{why}"


def _entered(step: Step) -> Iterator[tuple[tuple[str, ...], str]]:
    """By what the machine was known, and what lets us in."""
    if "host_key" in step.known:
        yield (step.name, "host_key"), f"The machine's key {step.known['host_key']} is verified"
    if "certificate" in step.known:
        until = f", good until {step.known['until']}" if "until" in step.known else ""
        yield (step.name, "certificate"), f"Certificate {step.known['certificate']} is issued{until}"


def task_line(task: TaskProgress) -> str | None:
    """What is told of a task of the configurer; None for one that went as it should."""
    if task.state == "failed":
        return f"{doing(StepName.SETUP)}: {task.task} failed"
    if task.state != "started":
        return None
    of = f" ({task.done + 1} of {task.total})" if task.total and task.done < task.total else ""
    return f"{doing(StepName.SETUP)}: {task.task}{of}"


def rows(progress: Progress, now: datetime) -> list[dict[str, Any]]:
    """The steps for a page, those to come too: strict JSON, times in seconds, None where not known."""
    known = [
        _row(step.name, title(step), step.state, step.lasted(now), step.expected) for step in progress.steps
    ]
    coming = [
        _row(name, doing(name), "coming", None, progress.expected.get(name)) for name in progress.coming
    ]
    return [*known, *coming, *_answer(progress, now)]


def _answer(progress: Progress, now: datetime) -> list[dict[str, Any]]:
    notebook = next((step for step in progress.steps if step.name is StepName.NOTEBOOK), None)
    started = notebook is not None and notebook.state is StepState.DONE
    if started and notebook is not None and progress.phase is SessionPhase.RUNNING:
        return [_row(ANSWER, WAITING, "running", _since(notebook, now), None)]
    if started and progress.code == NEVER_ANSWERED:
        return [_row(ANSWER, WAITING, "failed", None, None)]
    return (
        [_row(ANSWER, WAITING, "coming", None, None)] if progress.planned and not progress.is_settled else []
    )


def _since(step: Step, now: datetime) -> float:
    return max((now - step.began).total_seconds() - (step.seconds or 0.0), 0.0)


def _row(name: str, title: str, state: str, seconds: float | None, usual: float | None) -> dict[str, Any]:
    known = None if seconds is None else round(seconds, 3)
    return {"name": str(name), "title": title, "state": str(state), "seconds": known, "usual": usual}
