"""The configuration of a hub, with the classes that it names."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path

from ..adapters.outbound.config.loading import LoadedConfiguration, load
from ..adapters.outbound.config.locating import locate
from ..adapters.outbound.config.lookups import Lookups, NotAvailable
from ..adapters.outbound.plugins import AUTHENTICATORS, CONFIGURERS, PROVIDERS, PluginError, Plugins
from ..application.ports.providers import ProviderMissing
from .settings import Settings

PACKAGE = Path(__file__).parent.parent
"""Where this package lies; its playbooks are below it."""


def load_configuration(settings: Settings, environ: Mapping[str, str] | None = None) -> LoadedConfiguration:
    """Both files and what is wrong with them; never raises for what stands in them."""
    known = os.environ if environ is None else environ
    directory = settings.directory.expanduser()
    files = locate(directory, known, settings.template_file, settings.deployment_file)
    return load(*files, _lookups(), (PACKAGE / "playbooks",), known)


def find_provider(name: str) -> type:
    """A provider's class by its name. Raises ProviderMissing with what to do."""
    try:
        return Plugins(PROVIDERS).load(name)
    except PluginError as error:
        raise ProviderMissing(str(error)) from error


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
