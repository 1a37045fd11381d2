"""Authenticators and configurers that a test made."""

from collections.abc import Mapping
from typing import Any

from attrs import define, field

from ...application.ports.authenticator import Authenticator, AuthenticatorMissing
from ...application.ports.configurer import Configurer, ConfigurerMissing


@define(eq=False)
class MemoryComponents:
    """Hands out what it was given by the names of classes, whatever the settings say."""

    authenticators: dict[str, Authenticator] = field(factory=dict)
    configurers: dict[str, Configurer] = field(factory=dict)
    settings: list[tuple[str, Mapping[str, Any]]] = field(factory=list)
    """Each name that was asked for, with what was said of it."""

    def authenticator(self, class_path: str, settings: Mapping[str, Any]) -> Authenticator:
        """The one of this name. Raises AuthenticatorMissing."""
        self.settings.append((class_path, settings))
        if class_path not in self.authenticators:
            raise AuthenticatorMissing(f"no authenticator {class_path}")
        return self.authenticators[class_path]

    def configurer(self, class_path: str, settings: Mapping[str, Any]) -> Configurer:
        """The one of this name. Raises ConfigurerMissing."""
        self.settings.append((class_path, settings))
        if class_path not in self.configurers:
            raise ConfigurerMissing(f"no configurer {class_path}")
        return self.configurers[class_path]
