"""Puts templates, providers and deployment entries together into offers and the recipes for them."""

from collections.abc import Iterator
from typing import Any

from attrs import evolve

from ....application.ports.configuration import Recipe
from ....domain.offers import Offer
from .entries import Entry
from .lookups import Lookups, NotAvailable
from .problems import ENOUGH, Problem
from .provider_settings import undeclared
from .settings_split import Usable, said_of, split
from .substitution_checks import unknown_options
from .templates import Template
from .terms import Terms

MOST = 1000
"""Offers."""
TIMES = ("start_timeout", "http_timeout", "poll_interval")


def recipes(
    templates: tuple[Template, ...], entries: tuple[Entry, ...], lookups: Lookups, report: list[Problem]
) -> tuple[Recipe, ...]:
    """All that can be offered, in the order of the files."""
    pairs = (
        (usable, entry)
        for template in templates
        for usable in _usable(template, lookups, report)
        for entry in fitting(template, usable.provider, entries)
    )
    made: list[Recipe] = []
    shared: dict[str, dict[str, Any]] = {}
    elsewhere: dict[str, dict[str, Any]] = {}
    for usable, entry in pairs:
        if len(report) > ENOUGH:
            break
        if len(made) == MOST:
            expected = f"at most {MOST}: no user can choose among so many"
            report.append(usable.template.document.error((), "too many offers", expected))
            break
        name, provider = usable.provider, usable.provider_class
        if name not in elsewhere:
            elsewhere[name] = said_of(name, provider, templates, entries)
        recipe = _recipe(usable, entry, lookups, elsewhere[name], report)
        if recipe and _agrees(usable.provider, entry, recipe, shared, report):
            made.append(recipe)
    settings = {name: {**elsewhere[name], **said} for name, said in shared.items()}
    return tuple(evolve(each, provider_settings=settings[each.offer.provider]) for each in made)


def _agrees(
    provider: str, entry: Entry, recipe: Recipe, shared: dict[str, dict[str, Any]], report: list[Problem]
) -> bool:
    """Whether it says nothing else of its provider than the others do: there is one of each name."""
    known = shared.setdefault(provider, {})
    other = [key for key, value in recipe.provider_settings.items() if known.get(key, value) != value]
    known.update({key: value for key, value in recipe.provider_settings.items() if key not in other})
    report.extend(
        entry.document.error(
            entry.path,
            f"other {key} of the provider {provider} than an earlier entry",
            "the same settings of a provider wherever it is used; once is enough",
        )
        for key in other
    )
    return not other


def fitting(template: Template, provider: str, entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """The entries that go with a template on a provider."""
    return tuple(
        entry for entry in entries if entry.type == template.type and entry.provider in (None, provider)
    )


def _usable(template: Template, lookups: Lookups, report: list[Problem]) -> Iterator[Usable]:
    for index, name in enumerate(template.providers):
        if len(report) > ENOUGH:
            break
        provider = _provider(template, index, name, lookups, report)
        if provider is not None and template.usable and template.spawner_class is not None:
            yield Usable(template, template.spawner_class, name, provider)


def _provider(template: Template, index: int, name: str, lookups: Lookups, report: list[Problem]) -> Any:
    place = (*template.path, "providers", index)
    warning = template.document.warning
    try:
        provider: Any = lookups.provider(name)
    except NotAvailable as why:
        report.append(warning(place, f"provider {name}", "a provider that can be used here", str(why)))
        return None
    missing = undeclared(provider)
    if missing:
        found = f"provider {name}, which declares no {missing}"
        report.append(warning(place, found, "a provider as docs/guides/write-a-provider.md shows"))
        return None
    if template.type not in provider.types:
        found = f"provider {name}, which gives {', '.join(provider.types)} in this version"
        report.append(warning(place, found, f"a provider of {template.type}"))
        return None
    return provider


def _recipe(
    usable: Usable, entry: Entry, lookups: Lookups, elsewhere: dict[str, Any], report: list[Problem]
) -> Recipe | None:
    template = usable.template
    parts = split(usable, entry, lookups, elsewhere)
    fields: Terms = {**template.terms, **entry.terms}
    wrong = (*parts.problems, *unknown_options(template, entry, fields))
    report.extend(wrong)
    if wrong or not entry.usable or _misses_its_machine(usable, entry, report):
        return None
    # what the spawner's own kwargs say of times counts for the whole start, unless the offer says more
    fields = {**_times(parts.kwargs), **fields}
    return Recipe(
        offer=_offer(usable, entry, fields),
        spawner_class=template.class_path,
        spawner_kwargs={**{key: fields[key] for key in TIMES if key in fields}, **parts.kwargs},
        authenticator=template.authenticator,
        configurer=template.configurer,
        provider_settings=parts.settings,
    )


def _misses_its_machine(usable: Usable, entry: Entry, report: list[Problem]) -> bool:
    """Whether something is asked for that nothing sees to here: nothing is offered then."""
    template = usable.template
    wanted = {
        "unix_account": template.authenticator is not None,
        "labels": hasattr(usable.provider_class, "members"),
    }
    expected = {
        "unix_account": "an authenticator in the template: without one no account is entered",
        "labels": f"a provider of several machines: {usable.provider} has none to choose from",
    }
    missing = [
        part.document.error((*part.path, key), f"{key}, which nothing sees to", expected[key])
        for part in (entry, template)
        for key, possible in wanted.items()
        if key in part.terms and not possible
    ]
    if template.configurer is not None and template.authenticator is None:
        beside = "an authenticator beside it: without one no machine is entered"
        missing.append(template.document.error((*template.path, "configurer"), "a configurer alone", beside))
    report.extend(missing)
    return bool(missing)


def _offer(usable: Usable, entry: Entry, fields: Terms) -> Offer:
    template, name = usable.template, entry.said["name"]
    name_shown = entry.terms.get("name", f"{template.terms.get('name', template.name)}: {name}")
    return Offer(
        **{**fields, "name": name_shown},
        id=f"{usable.provider}/{template.name}/{name}",
        type=template.type,
        provider=usable.provider,
        template=template.name,
        entry=name,
        image=entry.said.get("image"),
    )


def _times(kwargs: dict[str, Any]) -> Terms:
    found = {key: str(kwargs[key]) for key in TIMES if key in kwargs}
    return {key: int(seconds) for key, seconds in found.items() if seconds.isdecimal() and int(seconds) > 0}
