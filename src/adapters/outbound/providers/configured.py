"""The providers that the configuration uses, made once each with its settings."""

from collections.abc import Callable, Mapping
from typing import Any

import cattrs
from attrs import define, field

from ....application.ports.provider import Provider
from ....application.ports.providers import ProviderMissing


@define(eq=False)
class ConfiguredProviders:
    """Satisfies the port Providers; one that has left the configuration is made with what is remembered."""

    _find: Callable[[str], type]
    """The class with a name; raises ProviderMissing."""
    _settings: Mapping[str, Mapping[str, Any]] = field(repr=False)
    """By the names of the providers that are in use."""
    _made: dict[str, Provider] = field(factory=dict, init=False)
    _remembered: dict[str, Mapping[str, Any]] = field(factory=dict, init=False, repr=False)

    def provider(self, name: str) -> Provider:
        """The provider with this name, made once. Raises ProviderMissing."""
        if name not in self._made:
            self._made[name] = self._make(name)
        return self._made[name]

    def names(self) -> tuple[str, ...]:
        """Names of those that the configuration uses."""
        return tuple(self._settings)

    def remember(self, name: str, settings: Mapping[str, Any]) -> None:
        """Have it made, if the configuration doesn't use it, with the first settings that are remembered."""
        if name not in self._settings and name not in self._remembered:
            self._remembered[name] = dict(settings)
            # it may have been made with its own defaults before
            self._made.pop(name, None)

    def _make(self, name: str) -> Provider:
        cls: Any = self._find(name)
        try:
            said = self._settings.get(name, self._remembered.get(name, {}))
            settings = cattrs.structure(dict(said), cls.settings_class)
            made: Provider = cls(settings)
        except Exception as error:
            raise ProviderMissing(f"provider {name!r} does not take its settings") from error
        return made
