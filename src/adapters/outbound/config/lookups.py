"""What the files name that lies outside of them, as functions: this family knows no other."""

from collections.abc import Callable
from typing import Any

from attrs import frozen


class NotAvailable(Exception):
    """What is named is well-formed but can't be used here; the message says what to install or do."""


class CannotBe(Exception):
    """What is named can't be what is wanted, whatever is installed."""

    def __init__(self, found: str, expected: str, suggestion: str = "") -> None:
        super().__init__(found)
        self.found = found
        self.expected = expected
        self.suggestion = suggestion


@frozen
class Lookups:
    """Finds classes by name and asks them about settings."""

    provider: Callable[[str], type]
    """The class of a provider (ports/provider.py says its attributes); raises NotAvailable."""
    authenticator: Callable[[str], type]
    """The class of an authenticator by its dotted path; raises NotAvailable."""
    configurer: Callable[[str], type]
    """The class of a configurer by its dotted path; raises NotAvailable."""
    spawner: Callable[[str], type]
    """A JupyterHub Spawner class by its dotted path; raises NotAvailable or CannotBe."""
    takes: Callable[[type, str], bool]
    """Whether a spawner class lets a name be set."""
    expects: Callable[[type, str, Any], str | None]
    """What a spawner class takes for a name it knows, in words; None if the value is that."""
