"""The configuration of a hub, with the classes that it names."""

import logging
import os
from collections.abc import Callable, Mapping
from pathlib import Path

from ..adapters.outbound.config.loading import LoadedConfiguration, load
from ..adapters.outbound.config.locating import locate
from ..adapters.outbound.config.lookups import Lookups, NotAvailable
from ..adapters.outbound.config.problems import Severity
from ..adapters.outbound.plugins import PROVIDERS, PluginError, Plugins
from ..application.ports.configuration import Configuration
from ..application.ports.providers import ProviderMissing
from .settings import Settings

_logger = logging.getLogger("multiplespawner.configuration")

PACKAGE = Path(__file__).parent.parent
"""Where this package lies; its playbooks are below it."""


def load_configuration(settings: Settings, environ: Mapping[str, str] | None = None) -> LoadedConfiguration:
    """Both files and what is wrong with them; never raises for what stands in them."""
    known = os.environ if environ is None else environ
    directory = settings.directory.expanduser()
    files = locate(directory, known, settings.template_file, settings.deployment_file)
    return load(*files, _lookups(), (PACKAGE / "playbooks",), known)


def tell_problems(configuration: Configuration) -> None:
    """Log each error and warning of files with its place, and a summary if there are errors."""
    if not isinstance(configuration, LoadedConfiguration):
        return
    levels = {Severity.ERROR: logging.ERROR, Severity.WARNING: logging.WARNING}
    for problem in configuration.problems:
        where = f"{problem.file}:{problem.line}" if problem.line else problem.file
        said = (where, problem.path, problem.found, problem.expected, problem.suggestion)
        _logger.log(levels[problem.severity], "%s %s: found %s, expected %s. %s", *said)
    if configuration.errors:
        _logger.error(
            "The configuration has %d errors and makes %d offers; what is wrong is not offered. "
            "Correct it, try it with `multiplespawner check` and start the hub again.",
            len(configuration.errors),
            len(configuration.offers),
        )


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
        _not_yet("authenticators"),
        _not_yet("configurers"),
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


def _not_yet(kind: str) -> Callable[[str], type]:
    """No deployment of this version has steps for them: whatever is installed, nothing would be done."""

    def find(name: str) -> type:
        raise NotAvailable(f"{name}: {kind} can't be applied in this version.")

    return find
