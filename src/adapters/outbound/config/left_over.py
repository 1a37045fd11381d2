"""What stands in one file and finds nothing in the other that it goes with."""

from collections.abc import Iterator

from .entries import Entry
from .offering import fitting
from .problems import Problem, near
from .schema import TYPES
from .templates import Template

OTHERWISE = "one, or nothing of it is offered"


def left_over(templates: tuple[Template, ...], entries: tuple[Entry, ...]) -> Iterator[Problem]:
    """A warning for each template without an entry and each entry without a template."""
    for template in templates:
        if not any(fitting(template, name, entries) for name in template.providers):
            found = f"no deployment entry of type {template.type} for it"
            yield template.document.warning(template.path, found, OTHERWISE)
    by_type = {
        kind: [name for each in templates if each.type == kind for name in each.providers] for kind in TYPES
    }
    for entry in entries:
        providers = by_type[entry.type]
        if not providers:
            yield entry.document.warning(entry.path, f"no template of type {entry.type}", OTHERWISE)
        elif entry.provider not in (None, *providers):
            yield _unknown_provider(entry, list(dict.fromkeys(providers)))


def _unknown_provider(entry: Entry, providers: list[str]) -> Problem:
    found = f"{entry.provider}, which no template of type {entry.type} names"
    place, expected = (*entry.path, "provider"), f"one of {', '.join(providers)}"
    return entry.document.warning(place, found, expected, near(entry.provider, providers))
