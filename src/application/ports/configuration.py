"""The configuration: what the administrator's files offer, and how each offer is put up."""

from collections.abc import Mapping
from typing import Any, Protocol

from attrs import field, frozen

from ...domain.offers import Offer


@frozen
class Component:
    """A configurer or an authenticator of a template."""

    class_path: str
    """Dotted path as the template names it."""
    settings: Mapping[str, Any] = field(repr=False)
    """What goes to it: kwargs, options and extra keys, placeholders not yet filled in."""


@frozen
class Recipe:
    """How an offer is put up: what the template and the deployment entry say about it."""

    offer: Offer
    spawner_class: str
    """Dotted path of the inner spawner."""
    spawner_kwargs: Mapping[str, Any] = field(repr=False)
    """The template's kwargs, then the entry's attributes; placeholders and secrets not yet filled in."""
    authenticator: Component | None = None
    configurer: Component | None = None
    provider_settings: Mapping[str, Any] = field(factory=dict, repr=False)


class Configuration(Protocol):
    """The files as they were read last."""

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of what the files say."""

    @property
    def files(self) -> tuple[str, ...]:
        """Paths of the files that were read."""

    @property
    def is_sound(self) -> bool:
        """Whether they can be used: without errors."""

    @property
    def offers(self) -> tuple[Offer, ...]:
        """All offers that can be used here, in the order of the files."""

    def recipe(self, offer: str) -> Recipe | None:
        """How the offer with this id is put up; None when the configuration doesn't have it."""
