"""The providers that the configuration uses, made once each with its settings."""

from collections.abc import Callable, Mapping
from typing import Any

import cattrs
from attrs import define, field

from ....application.ports.provider import Provider
from ....application.ports.providers import ProviderMissing


@define(eq=False)
class ConfiguredProviders:
    """Satisfies the port Providers; one that has left the configuration is made with its own defaults."""

    _find: Callable[[str], type]
    """The class with a name; raises ProviderMissing."""
    _settings: Mapping[str, Mapping[str, Any]] = field(repr=False)
    """By the names of the providers that are in use."""
    _made: dict[str, Provider] = field(factory=dict, init=False)

    def provider(self, name: str) -> Provider:
        """The provider with this name, made once. Raises ProviderMissing."""
        if name not in self._made:
            self._made[name] = self._make(name)
        return self._made[name]

    def names(self) -> tuple[str, ...]:
        """Names of those that the configuration uses."""
        return tuple(self._settings)

    def _make(self, name: str) -> Provider:
        cls: Any = self._find(name)
        try:
            settings = cattrs.structure(dict(self._settings.get(name, {})), cls.settings_class)
            made: Provider = cls(settings)
        except Exception as error:
            raise ProviderMissing(f"provider {name!r} does not take its settings") from error
        return made
