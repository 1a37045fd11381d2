"""The authenticators and configurers that templates name, made when a deployment needs them."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from attrs import define, field

from ...application.ports.authenticator import Authenticator, AuthenticatorMissing
from ...application.ports.configurer import Configurer, ConfigurerMissing
from .plugins import PluginError

Find = Callable[[str], type]
"""The class that a template names; raises PluginError."""


@define(eq=False)
class Components:
    """Satisfies the ports Authenticators and Configurers; a class is looked for once, settings each time.

    What they are made with may be a secret, so nothing that was made is kept.
    """

    _find_authenticator: Find
    _find_configurer: Find
    _structured: Callable[[dict[str, Any], type], Any] = field(repr=False)
    """Settings as an object of the class that declares them; raises whatever doesn't fit."""
    _directory: Path
    _found: dict[tuple[str, str], type] = field(factory=dict, init=False)

    def authenticator(self, class_path: str, settings: Mapping[str, Any]) -> Authenticator:
        """The authenticator that a template names. Raises AuthenticatorMissing."""
        made: Authenticator = self._made(
            "authenticator", self._find_authenticator, class_path, settings, AuthenticatorMissing
        )
        return made

    def configurer(self, class_path: str, settings: Mapping[str, Any]) -> Configurer:
        """The configurer that a template names. Raises ConfigurerMissing."""
        made: Configurer = self._made(
            "configurer", self._find_configurer, class_path, settings, ConfigurerMissing
        )
        return made

    def _made(
        self,
        kind: str,
        find: Find,
        class_path: str,
        settings: Mapping[str, Any],
        missing: type[Exception],
    ) -> Any:
        try:
            cls: Any = self._found.get((kind, class_path)) or find(class_path)
        except PluginError as error:
            raise missing(str(error)) from error
        self._found[kind, class_path] = cls
        try:
            return cls(self._structured(dict(settings), cls.settings_class), self._directory)
        except Exception as error:
            # not what it says: it may quote a secret
            raise missing(f"the {kind} {class_path} does not take its settings") from error
