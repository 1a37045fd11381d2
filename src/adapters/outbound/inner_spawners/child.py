"""Make the inner spawner from the outer one, and hand over to it what the hub prepared for a start."""

from collections.abc import Mapping
from typing import Any

from jupyterhub.spawner import Spawner

from ....application.ports.inner_spawner import SpawnFailed
from .answers import from_strict_json
from .fitting import DoesNotFit
from .outer_settings import OuterSettings
from .settings import HANDED_OVER, HUB_GIVES, NotASetting, fitted


def make_child(
    settings: OuterSettings,
    spawner_class: type[Spawner],
    kwargs: Mapping[str, Any],
    user_options: Mapping[str, Any],
    state: Mapping[str, Any] | None = None,
) -> Spawner:
    """Construct the inner spawner as the hub would, on the outer one's row, with a template's `kwargs` on it.

    `user_options` is the inner spawner's own part; `state` what HubInnerSpawner.state() gave before, None for
    a new notebook. Later wins: `c.Spawner`, `c.<outer class>`, `c.<inner class>`, kwargs; environments are
    merged by variable. Raises SpawnFailed: `inner_settings` or `inner_not_made`.
    """
    values = {**settings.configured(spawner_class), **_fitted(settings.outer, spawner_class, kwargs)}
    environment = values.pop("environment", {})
    traits = {name: value for name, value in values.items() if name in spawner_class.class_traits()}
    hub_gives = {name: getattr(settings.outer, name) for name in HUB_GIVES}
    try:
        child = spawner_class(**hub_gives, user_options=dict(user_options), **traits)
        for name in values.keys() - traits.keys():
            setattr(child, name, values[name])
        child.environment = {**child.environment, **environment}
        child.load_state(from_strict_json(state or {}))
    except Exception as error:
        message = f"The spawner {spawner_class.__name__} could not be set up. Please tell an administrator."
        raise SpawnFailed("inner_not_made", message) from error
    return child


def push(
    settings: OuterSettings,
    child: Spawner,
    user_options: Mapping[str, Any],
    environment: Mapping[str, str],
) -> None:
    """Hand over what the hub and its hooks set on the outer spawner; just before the child starts.

    A hook's setting wins over a template's: it ran last. `environment` is ours and wins over all.
    """
    outer = settings.outer
    child.clear_state()
    for name in HANDED_OVER:
        setattr(child, name, getattr(outer, name))
    child.user_options = dict(user_options)
    for name, value in settings.changed(type(child)).items():
        setattr(child, name, value)
    fresh, removed = settings.environment()
    kept = {name: value for name, value in child.environment.items() if name not in removed}
    child.environment = {**kept, **fresh, **environment}


def refit(settings: OuterSettings, child: Spawner, kwargs: Mapping[str, Any]) -> None:
    """Set those of a template's kwargs that could not be filled in before. Raises SpawnFailed."""
    values = _fitted(settings.outer, type(child), kwargs)
    environment = values.pop("environment", {})
    try:
        for name, value in values.items():
            setattr(child, name, value)
        child.environment = {**child.environment, **environment}
    except Exception as error:
        # what a class's own validators say may quote the value
        message = f"This offer is not set up rightly: {type(child).__name__} does not take its settings."
        raise SpawnFailed("inner_settings", message) from error


def _fitted(outer: Spawner, spawner_class: type[Spawner], kwargs: Mapping[str, Any]) -> dict[str, Any]:
    # Templates in use name the hub's user; the hub gives it, so it is already so.
    named = {name: value for name, value in kwargs.items() if (name, value) != ("user", outer.user.name)}
    try:
        return fitted(spawner_class, named)
    except (DoesNotFit, NotASetting) as error:
        raise SpawnFailed("inner_settings", f"This offer is not set up rightly: {error}.") from error
