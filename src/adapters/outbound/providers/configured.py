"""The providers that the configuration uses, made once for each of their settings."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from attrs import define, field

from ....application.ports.provider import Provider
from ....application.ports.providers import ProviderMissing

Settings = Mapping[str, Any]


@define(eq=False)
class ConfiguredProviders:
    """Satisfies the port Providers; one that has left the configuration is made with what is remembered."""

    _find: Callable[[str], type]
    """The class with a name; raises ProviderMissing."""
    _in_force: Callable[[], Mapping[str, Settings]] = field(repr=False)
    """Settings, by the names of the providers that the configuration uses now."""
    _structured: Callable[[dict[str, Any], type], Any] = field(repr=False)
    """Settings as an object of the class that declares them; raises whatever doesn't fit."""
    _directory: Path
    """The spawner's own, for providers that keep something there (`keeps_state`)."""
    _used: Mapping[str, Settings] = field(init=False, repr=False)
    """The same as it was when it was asked for last."""
    _made: dict[str, tuple[Settings, Provider]] = field(factory=dict, init=False, repr=False)
    _remembered: dict[str, Settings] = field(factory=dict, init=False, repr=False)

    @_used.default
    def _used_at_first(self) -> Mapping[str, Settings]:
        return self._in_force()

    def provider(self, name: str) -> Provider:
        """The provider with this name, made again only when its settings change. Raises ProviderMissing."""
        settings = self._now().get(name, self._remembered.get(name, {}))
        made = self._made.get(name)
        if made is None or made[0] != settings:
            made = self._made[name] = (settings, self._make(name, settings))
        return made[1]

    def names(self) -> tuple[str, ...]:
        """Names of those that the configuration uses."""
        return tuple(self._now())

    def remember(self, name: str, settings: Settings) -> None:
        """Have it made, if the configuration doesn't use it, with the first settings that are remembered."""
        if name not in self._now():
            self._remembered.setdefault(name, dict(settings))

    def _now(self) -> Mapping[str, Settings]:
        """Settings now; those of providers that have just left are remembered, to give back with."""
        now = self._in_force()
        for name in self._used.keys() - now.keys():
            self._remembered[name] = self._used[name]
        for name in now:
            self._remembered.pop(name, None)
        self._used = now
        return now

    def _make(self, name: str, said: Settings) -> Provider:
        cls: Any = self._find(name)
        try:
            settings = self._structured(dict(said), cls.settings_class)
            keeps_state = getattr(cls, "keeps_state", False)
            made: Provider = cls(settings, self._directory) if keeps_state else cls(settings)
        except Exception as error:
            raise ProviderMissing(f"provider {name!r} does not take its settings") from error
        return made
