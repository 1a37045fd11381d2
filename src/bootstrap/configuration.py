"""The configuration of a hub, with the classes that it names."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ..adapters.outbound.config.loading import load
from ..adapters.outbound.config.locating import locate
from ..adapters.outbound.config.lookups import Lookups, NotAvailable
from ..adapters.outbound.config.provider_settings import structured
from ..adapters.outbound.config.reloading import ReloadingConfigurations
from ..adapters.outbound.config.secret_values import resolve_secrets
from ..adapters.outbound.plugins import AUTHENTICATORS, CONFIGURERS, PROVIDERS, PluginError, Plugins
from ..application.ports.configuration import Configuration, Configurations
from ..application.ports.providers import ProviderMissing
from .settings import Settings

PACKAGE = Path(__file__).parent.parent
"""Where this package lies; its playbooks are below it."""


def load_configuration(settings: Settings, environ: Mapping[str, str] | None = None) -> Configuration:
    """Both files and what is wrong with them; never raises for what stands in them."""
    known = os.environ if environ is None else environ
    return load(*_files(settings, known), _lookups(), (PACKAGE / "playbooks",), known)


def reloading_configurations(settings: Settings) -> ReloadingConfigurations:
    """Both files as they are now, to be followed while they are edited. Blocks while it reads them."""
    return ReloadingConfigurations(lambda: _files(settings, os.environ), lambda: load_configuration(settings))


def settings_in(configurations: Configurations) -> Callable[[], Mapping[str, Mapping[str, Any]]]:
    """What gives the settings of the providers that are in use at that time, by their names."""

    def settings() -> Mapping[str, Mapping[str, Any]]:
        recipes = configurations.current.recipes
        return {recipe.offer.provider: recipe.provider_settings for recipe in recipes}

    return settings


def _files(settings: Settings, environ: Mapping[str, str]) -> tuple[Path, Path]:
    directory = settings.directory.expanduser()
    return locate(directory, environ, settings.template_file, settings.deployment_file)


def find_provider(name: str) -> type:
    """A provider's class by its name. Raises ProviderMissing with what to do."""
    try:
        return Plugins(PROVIDERS).load(name)
    except PluginError as error:
        raise ProviderMissing(str(error)) from error


def structured_settings(said: dict[str, Any], settings_class: type) -> Any:
    """What files say of an adapter, with secrets resolved, as an object of its class; blocks for a moment."""
    return structured(resolve_secrets(said), settings_class)


def _lookups() -> Lookups:
    from ..adapters.outbound.config.spawner_classes import find_spawner_class
    from ..adapters.outbound.inner_spawners.settings import expects, takes

    return Lookups(
        _available(PROVIDERS),
        _available(AUTHENTICATORS),
        _available(CONFIGURERS),
        find_spawner_class,
        takes,
        expects,
    )


def _available(group: str) -> Callable[[str], type]:
    def find(name: str) -> type:
        try:
            return Plugins(group).load(name)
        except PluginError as error:
            raise NotAvailable(str(error)) from error

    return find
