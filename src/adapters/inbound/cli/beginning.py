"""The two files of a configuration that works, with comments, made from a few answers."""

import json
import os
from pathlib import Path
from typing import Any

from attrs import frozen

from ....bootstrap import Settings, load_configuration
from .report import Report
from .screen import Screen
from .whole_files import write_whole

NAMES = ("spawner_templates.json", "spawner_deployment.json")
OTHER_NAME = "spawner_deployments.json"
"""Read where the usual one isn't there; it counts as there."""


@frozen
class Place:
    """A place where notebooks can run."""

    words: str
    template: str
    """Name of its template, for users."""
    spawner: str
    """Dotted path of the inner spawner."""
    comment: str


PLACES = {
    "hub-user": Place(
        "on this machine, as the user who runs the hub: to try it",
        "Notebook on this machine",
        "jupyterhub.spawner.SimpleLocalProcessSpawner",
        "All notebooks run as the user who runs the hub: for people who trust each other.",
    ),
    "accounts": Place(
        "on this machine, each user under their own account: the hub runs as root",
        "Notebook under your account",
        "jupyterhub.spawner.LocalProcessSpawner",
        "Each notebook runs under the account of this machine that has the user's name.",
    ),
}
"""By the word for it; what `check` accepts on this version."""


@frozen(kw_only=True)
class Answers:
    """What an administrator wants to offer."""

    place: str
    """One of PLACES."""
    hours: int
    """How long a server may run; 0 for until it is stopped."""
    groups: tuple[str, ...]
    """Whose members may start one; empty for everyone."""


def there_already(directory: Path) -> list[Path]:
    """What of the configuration is there already."""
    # also links to nowhere, and nothing where it may not be seen: writing says that
    return [path for name in (*NAMES, OTHER_NAME) if os.path.lexists(path := directory / name)]


def write(directory: Path, answers: Answers) -> None:
    """Write both files, each whole or not at all; raises OSError, and UnicodeEncodeError before anything."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    texts = [
        (json.dumps(said, indent=2, ensure_ascii=False) + "\n").encode()
        for said in (_templates(answers), _deployments(answers))
    ]
    for name, text in zip(NAMES, texts, strict=True):
        write_whole(directory / name, text)


def check(directory: Path) -> int:
    """Tell what `check` says of the files; its status, also for warnings."""
    templates, deployments = (str(directory / name) for name in NAMES)
    settings = Settings(directory=directory, template_file=templates, deployment_file=deployments)
    report = Report(load_configuration(settings))
    Screen().print(report.text())
    return report.status(strict=True)


def _templates(answers: Answers) -> list[dict[str, Any]]:
    place = PLACES[answers.place]
    template: dict[str, Any] = {
        "//": [
            "A template says how a notebook is put up; beside it lies what is offered.",
            "The key // is a comment. All keys: docs/configuration.md.",
            "After a change: multiplespawner check",
            place.comment,
        ],
        "name": place.template,
        "resource_type": "bare_metal",
        "providers": ["local"],
        "spawner": {"class": place.spawner, "kwargs": {}},
    }
    if answers.hours:
        minutes = answers.hours * 60
        template["lifetime"] = {
            "//": "Minutes until a server is stopped: if nothing is said, and at most.",
            "default": minutes,
            "maximum": minutes,
        }
    return [template]


def _deployments(answers: Answers) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "//": [
            "Each entry is offered with each template of its type.",
            "Further keys: description, hardware, flavors, options, allowed_users; others go to the spawner.",
        ],
        "name": "laboratory",
        "display_name": "JupyterLab",
        "default_url": "/lab",
    }
    if answers.groups:
        entry["allowed_groups"] = list(answers.groups)
    return {"//": "What is offered, by type of resource.", "bare_metal": [entry]}
