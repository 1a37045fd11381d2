"""The configuration: what the administrator's files offer, how each offer is put up, and what is wrong."""

import json
import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Protocol

from attrs import field, frozen

from ...domain.offers import Offer

Path = tuple[str | int, ...]
"""Steps from the top of a document: keys and indexes."""


@frozen
class Component:
    """A configurer or an authenticator of a template."""

    class_path: str
    """Dotted path as the template names it."""
    settings: Mapping[str, Any] = field(repr=False)
    """What goes to it: kwargs, options and extra keys, placeholders not yet filled in."""

    def document(self) -> Mapping[str, Any]:
        """As a deployment's document has it."""
        return {"class": self.class_path, "settings": self.settings}


@frozen
class Recipe:
    """How an offer is put up: what the template and the deployment entry say about it."""

    offer: Offer
    spawner_class: str
    """Dotted path of the inner spawner."""
    spawner_kwargs: Mapping[str, Any] = field(repr=False)
    """The template's kwargs, then the entry's attributes; placeholders and secrets not yet filled in."""
    authenticator: Component | None = None
    configurer: Component | None = None
    provider_settings: Mapping[str, Any] = field(factory=dict, repr=False)


class Severity(StrEnum):
    """Whether the configuration can be used in spite of it."""

    ERROR = "error"
    WARNING = "warning"


@frozen
class Problem:
    """One thing that is wrong, for the person who can put it right."""

    severity: Severity
    file: str
    line: int | None
    """From 1; None where the file as a whole is meant."""
    place: Path
    found: str
    expected: str
    suggestion: str = ""
    """What to do; empty where `expected` says it."""

    @property
    def path(self) -> str:
        """The place as people write it, such as `$[0].spawner.class`; `$` is the whole document."""
        return "$" + "".join(_step(step) for step in self.place)


@frozen
class Configuration:
    """What the files said when they were read once; it never changes."""

    digest: str
    """SHA-256 (hex) of what the files say."""
    files: tuple[str, ...]
    """Paths of the files that were read."""
    problems: tuple[Problem, ...] = ()
    """All that is wrong with them, in the order of the files."""
    recipes: tuple[Recipe, ...] = field(default=(), repr=False)
    """How each offer is put up, in the order of the files."""

    @property
    def offers(self) -> tuple[Offer, ...]:
        """All offers that can be used here, in the order of the files."""
        return tuple(recipe.offer for recipe in self.recipes)

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems for which an edit is not taken."""
        return tuple(problem for problem in self.problems if problem.severity is Severity.ERROR)

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """The problems in spite of which an edit is taken."""
        return tuple(problem for problem in self.problems if problem.severity is Severity.WARNING)

    @property
    def is_sound(self) -> bool:
        """Whether there are no errors."""
        return not self.errors

    def recipe(self, offer: str) -> Recipe | None:
        """How the offer with this id is put up; None when the configuration doesn't have it."""
        return next((recipe for recipe in self.recipes if recipe.offer.id == offer), None)


class Configurations(Protocol):
    """Follows the files while they are edited; whoever chooses takes `current` once and stays with it."""

    @property
    def current(self) -> Configuration:
        """What is in force: the last one without errors; before the first such one, what is sound in the
        files as they were at the start."""

    @property
    def refused(self) -> Configuration | None:
        """What the files say now, with the errors for which it is not in force; None if there are none."""

    async def refresh(self) -> bool:
        """Look at the files and read them if they changed; whether `current` or `refused` is another one now.

        Returns within about a second, also where the files' disk doesn't answer, and never raises. An edit
        with errors is refused only when the files have not changed for a moment: it may be half written.
        """


def _step(step: str | int) -> str:
    if isinstance(step, int):
        return f"[{step}]"
    if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_-]{0,60}", step):
        return f".{step}"
    text = json.dumps(step[:61])
    return f"[{text if len(text) <= 60 else f'{text[:60]}…'}]"
