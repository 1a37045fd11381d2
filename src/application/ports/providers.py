"""Which providers there are here."""

from typing import Protocol

from .provider import Provider


class ProviderMissing(Exception):
    """No provider of that name can be used here; the message says what to install or configure."""


class Providers(Protocol):
    """The providers of the configuration, and those that still hold something of ours."""

    def provider(self, name: str) -> Provider:
        """The provider with this name, made once. Raises ProviderMissing."""

    def names(self) -> tuple[str, ...]:
        """Names of those that the configuration uses."""
