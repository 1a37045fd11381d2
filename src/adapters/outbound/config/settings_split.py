"""Who takes what an entry says: the offer, the provider or the inner spawner; and what nobody takes."""

from collections.abc import Iterable, Iterator
from typing import Any

from attrs import define, frozen

from .entries import OURS, Entry
from .lookups import Lookups
from .problems import Problem, kind
from .provider_settings import flaws, known_settings
from .spawner_settings import check_value, settable, untaken
from .templates import Template


@frozen
class Usable:
    """A template on one of its providers, both of which can be used here."""

    template: Template
    spawner: type
    provider: str
    provider_class: Any

    @property
    def known(self) -> tuple[str, ...]:
        """Names of the provider's settings."""
        return known_settings(self.provider_class.settings_class)


@define
class Split:
    """Each one's part, and what is wrong with it."""

    kwargs: dict[str, Any]
    settings: dict[str, Any]
    """The provider's."""
    problems: list[Problem]


def split(usable: Usable, entry: Entry, lookups: Lookups, elsewhere: dict[str, Any]) -> Split:
    """Share out what the template and the entry say beside the offer's own terms.

    `elsewhere`: what other templates and entries say of the same provider, which need not be repeated.
    """
    parts = Split(dict(usable.template.kwargs), {}, [])
    for holder in (usable.template, entry):
        _explicit(usable, holder, parts)
    for key, value in _attributes(entry, usable.provider_class).items():
        _share(usable, entry, key, value, lookups, parts)
    if not parts.problems:
        parts.problems.extend(_flaws(usable, entry, parts.settings, elsewhere))
    return parts


def said_of(
    name: str, provider: Any, templates: Iterable[Template], entries: Iterable[Entry]
) -> dict[str, Any]:
    """All that is said of a provider anywhere; of what is said twice the first."""
    known, found = known_settings(provider.settings_class), dict[str, Any]()
    for template in templates:
        if name in template.providers:
            found = {**template.said.get("provider_settings", {}), **found}
    for entry in entries:
        if entry.provider in (None, name):
            own = {key: value for key, value in _attributes(entry, provider).items() if key in known}
            found = {**entry.said.get("provider_settings", {}), **own, **found}
    return {key: value for key, value in found.items() if key in known}


def _explicit(usable: Usable, holder: Template | Entry, parts: Split) -> None:
    said = holder.said.get("provider_settings", {})
    parts.settings |= said
    parts.problems += [
        untaken(holder.document, (*holder.path, "provider_settings", key), (_taker(usable),), usable.known)
        for key in said
        if key not in usable.known
    ]


def _share(usable: Usable, entry: Entry, key: str, value: Any, lookups: Lookups, parts: Split) -> None:
    place = (*entry.path, key)
    if key in usable.known:
        parts.settings[key] = value
    elif lookups.takes(usable.spawner, key):
        parts.kwargs[key] = value
        parts.problems.extend(check_value(entry.document, place, usable.spawner, value, lookups))
    else:
        takers = (_taker(usable), f"spawner {usable.spawner.__name__}")
        names = (*usable.known, *settable(usable.spawner, lookups), *OURS)
        parts.problems.append(untaken(entry.document, place, takers, names))


def _taker(usable: Usable) -> str:
    return f"provider {usable.provider}"


def _attributes(entry: Entry, provider_class: Any) -> dict[str, Any]:
    # an image is rented from a provider, or else it is what the inner spawner starts
    own_image = "image" in entry.said and not provider_class.allocates
    return ({"image": entry.said["image"]} if own_image else {}) | entry.attributes


def _flaws(
    usable: Usable, entry: Entry, settings: dict[str, Any], elsewhere: dict[str, Any]
) -> Iterator[Problem]:
    for key, expected in flaws({**elsewhere, **settings}, usable.provider_class.settings_class):
        if key in elsewhere and key not in settings:
            continue  # it is told where it is said
        explicit = entry.said.get("provider_settings", {})
        holder: Template | Entry = entry if key in (*entry.said, *explicit) else usable.template
        inside = () if key in holder.said else ("provider_settings",)
        place = (*holder.path, *inside, key) if key else entry.path
        # not the value: it may be a secret
        found = kind(settings[key]) if key in settings else f"settings of {_taker(usable)}"
        yield (holder if key else entry).document.error(place, found, expected)
