"""Which providers there are here."""

from collections.abc import Mapping
from typing import Any, Protocol

from .provider import Provider


class ProviderMissing(Exception):
    """No provider of that name can be used here; the message says what to install or configure."""


class Providers(Protocol):
    """The providers of the configuration, and those that still hold something of ours."""

    def provider(self, name: str) -> Provider:
        """The provider with this name, made once. Raises ProviderMissing."""

    def names(self) -> tuple[str, ...]:
        """Names of those that the configuration uses."""

    def remember(self, name: str, settings: Mapping[str, Any]) -> None:
        """Make a provider that the configuration does not use with what was said of it when it was used.

        The first settings count; to be called before the provider is asked for. Safe to repeat.
        """
