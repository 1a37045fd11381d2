"""From what a user sent to the inner spawner of the offer that it means."""

from collections.abc import Collection, Mapping
from copy import deepcopy
from typing import Any

from attrs import define, field

from ....application.house import House
from ....application.ports.configurer import ConfigurerMissing
from ....application.ports.inner_spawner import SpawnFailed
from ....application.reserved_accounts import reserved_accounts
from ....application.use_cases.session_request import SessionRequest
from ....bootstrap.hub import inner_spawner
from ....domain.offers import Choice, choose
from ....domain.values import ServerId
from .documents import document_for
from .in_force import in_force

TIMES = ("start_timeout", "http_timeout", "poll_interval")
"""Traits of the outer spawner that the hub reads, in seconds."""


@define(eq=False)
class Chosen:
    """An offer that a user chose, with the inner spawner made for it."""

    asked: Mapping[str, Any] = field(repr=False)
    choice: Choice = field(repr=False)
    configuration: str
    """Digest of what allowed it."""
    resource: str
    document: Mapping[str, Any] = field(repr=False)
    inner: Any = field(repr=False)

    def is_for(self, asked: Mapping[str, Any]) -> bool:
        """Whether it is what the user asks for now: hooks may change that."""
        return self.asked == asked


async def choose_for(
    spawner: Any, house: House, asked: Mapping[str, Any], *, to_start: bool = True
) -> Chosen:
    """Choose among what the user of an outer spawner may have; not `to_start`, it is for a form only.

    Raises Refusal, and SpawnFailed where the offer is not set up rightly.
    """
    user, configuration = spawner.user, await in_force(house)
    choice = choose(asked, None, configuration.offers, user.name, groups_of(user))
    recipe = configuration.recipe(choice.offer.id)
    if recipe is None:
        raise KeyError(choice.offer.id)
    resource = house.ports.ids.fresh()
    token = f"{house.ledger.owner}-{resource}"
    reserved: Collection[str] = ()
    if to_start and recipe.authenticator is not None:
        provider = choice.offer.provider
        reserved = await reserved_accounts(configuration, provider, house.performer.configuring)
    document = await document_for(spawner, choice, recipe, token, reserved)
    inner = await inner_spawner(spawner.given, document, token, choice.inner, secrets=to_start)
    return Chosen(deepcopy(dict(asked)), choice, configuration.digest, resource, document, inner)


async def request_for(spawner: Any, house: House, chosen: Chosen, session: str) -> SessionRequest:
    """The request for a session of what was chosen. Raises SpawnFailed."""
    server = chosen.document["server"]
    try:
        digests = await house.performer.configuring.digests(chosen.document)
    except ConfigurerMissing as error:
        message = f"This offer is not set up rightly: {error}."
        raise SpawnFailed("configurer_missing", message) from error
    return SessionRequest(
        session=session,
        resource=chosen.resource,
        server=ServerId(house.hub or "", server["user"], server["spawner"]),
        user=spawner.user.name,
        offer=chosen.choice.offer,
        selection=chosen.choice.selection,
        configuration=chosen.configuration,
        groups=tuple(sorted(groups_of(spawner.user))),
        spawner_class=chosen.document["class"],
        document=chosen.document,
        authenticator=digests.authenticator,
        configurer=digests.configurer,
    )


def groups_of(user: Any) -> frozenset[str]:
    """Names of the user's groups."""
    return frozenset(group.name for group in user.groups)


def take_limits(spawner: Any, chosen: Chosen) -> None:
    """Have the hub wait and ask as the offer says, else as the inner spawner does."""
    offer = {name: getattr(chosen.choice.offer, name) for name in TIMES}
    take_times(spawner, chosen.inner, **{name: value for name, value in offer.items() if value is not None})


def take_times(spawner: Any, inner: Any, **said: int) -> None:
    """Have the hub wait and ask as is said, else as the inner spawner does."""
    for name in TIMES:
        setattr(spawner, name, said.get(name, getattr(inner.child, name)))
    spawner.given.settle(*TIMES)
