"""What the hub adapter needs of the inner spawners."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from traitlets.utils.importstring import import_item

from ..adapters.outbound.config.secret_values import (
    SecretUnavailable,
    references,
    resolve_secrets,
    without_secrets,
)
from ..adapters.outbound.config.spawner_classes import real_path
from ..adapters.outbound.inner_spawners.answers import from_strict_json, strict_json
from ..adapters.outbound.inner_spawners.child import make_child
from ..adapters.outbound.inner_spawners.filling import fill_in
from ..adapters.outbound.inner_spawners.hub_inner_spawner import HubInnerSpawner
from ..adapters.outbound.inner_spawners.hub_inner_spawners import HubInnerSpawners
from ..adapters.outbound.inner_spawners.outer_settings import OuterSettings
from ..application.ports.inner_spawner import SpawnFailed
from ..application.ports.provider import MARK


def inner_spawners(
    rebuild: Callable[[str, Mapping[str, Any]], Any], is_expected: Callable[[str, Mapping[str, Any]], bool]
) -> Any:
    """What holds the hub's inner spawners.

    `rebuild` makes one again from its session's document, `is_expected` tells whether the hub still points
    to the session.
    """
    return HubInnerSpawners(rebuild, is_expected)


def outer_settings(outer: Any, given: Mapping[str, Any]) -> Any:
    """What tells apart what was set on an outer spawner; at the end of its constructor."""
    return OuterSettings(outer, given)


async def inner_spawner(
    settings: Any, document: Mapping[str, Any], token: str, options: Any = None, *, secrets: bool = True
) -> Any:
    """The inner spawner that a document tells of, on an outer one. Raises SpawnFailed.

    `options`: the user's own ones as they came; None for what the document has of them. Without `secrets`,
    settings that are secrets are left out: it can make a form, and is never started.
    """
    own = from_strict_json(document["user_options"]) if options is None else options
    try:
        spawner_class, kwargs, known = await asyncio.to_thread(_read, document, secrets)
    except SecretUnavailable as error:
        raise _secret_missing(error) from error
    child = make_child(settings, spawner_class, kwargs, own, document.get("state"))
    later = _Later(spawner_class, document["kwargs"], document.get("names", {}))
    return HubInnerSpawner(settings, child, own, {MARK: token}, secrets=known, later=later)


def stored_options(options: Mapping[str, Any]) -> dict[str, Any]:
    """A user's options as strict JSON; `inner_spawner` reads them again."""
    return strict_json(options)


class _Later:
    """Those of a template's kwargs that are known only once there is a resource."""

    def __init__(self, spawner_class: Any, kwargs: Mapping[str, Any], early: Mapping[str, str]) -> None:
        self._class = spawner_class
        self._kwargs = kwargs
        self._early = early

    def __call__(self, names: Mapping[str, str]) -> dict[str, Any]:
        """The kwargs that more names change; blocks while it reads secrets. Raises SpawnFailed."""
        # all of them anew, and not what is filled in already: that may look like one of the late names
        before, now = (fill_in(self._class, self._kwargs, each) for each in (self._early, names))
        try:
            return dict(resolve_secrets(_changed(before, now, "environment")))
        except SecretUnavailable as error:
            raise _secret_missing(error) from error


def _changed(before: Mapping[str, Any], now: Mapping[str, Any], by_key: str = "") -> dict[str, Any]:
    """What is new: what users chose and hooks set meanwhile stays. `by_key`: what is compared key by key."""
    changed = {name: value for name, value in now.items() if name not in before or value != before[name]}
    if by_key in changed and all(isinstance(each.get(by_key), Mapping) for each in (before, now)):
        changed[by_key] = _changed(before[by_key], now[by_key])
    return changed


def _read(document: Mapping[str, Any], secrets: bool) -> tuple[type, Any, tuple[str, ...]]:
    spawner_class = import_item(real_path(document["class"]))
    kwargs = fill_in(spawner_class, document["kwargs"], document.get("names", {}))
    if not secrets:
        return spawner_class, without_secrets(kwargs), ()
    return spawner_class, resolve_secrets(kwargs), tuple(resolve_secrets(list(references(kwargs))))


def _secret_missing(error: SecretUnavailable) -> SpawnFailed:
    return SpawnFailed("inner_settings", f"This offer is not set up rightly: {error}.")
