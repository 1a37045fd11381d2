"""From what a user sent to the inner spawner of the offer that it means."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from attrs import define, field

from ....application.house import House
from ....application.ports.configuration import Recipe
from ....application.use_cases.start_session import SessionRequest
from ....bootstrap.hub import filled_in, inner_spawner, stored_options
from ....domain.offers import Choice, choose
from ....domain.refusals import Refusal
from ....domain.values import Hardware, ServerId
from .in_force import in_force


class NeedsMoreSteps(Refusal):
    """The offer has an authenticator or a configurer, for which this version has no steps."""

    code = "offer_not_available"

    def __init__(self, offer: str) -> None:
        super().__init__(f"{offer} can't be started by this version. Ask the administrator of this hub.")


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

    Raises Refusal, and SpawnFailed or SecretUnavailable where the offer is not set up rightly.
    """
    user, configuration = spawner.user, await in_force(house)
    choice = choose(asked, None, configuration.offers, user.name, groups_of(user))
    recipe = configuration.recipe(choice.offer.id)
    if recipe is None:
        raise KeyError(choice.offer.id)
    if recipe.authenticator is not None or recipe.configurer is not None:
        raise NeedsMoreSteps(choice.offer.id)
    resource = house.ports.ids.fresh()
    token = f"{house.ledger.owner}-{resource}"
    document = await _document(spawner, choice, recipe, token)
    inner = await inner_spawner(spawner.given, document, token, choice.inner, secrets=to_start)
    return Chosen(deepcopy(dict(asked)), choice, configuration.digest, resource, document, inner)


def request_for(spawner: Any, house: House, chosen: Chosen, session: str) -> SessionRequest:
    """The request for a session of what was chosen."""
    server = chosen.document["server"]
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
    )


def groups_of(user: Any) -> frozenset[str]:
    """Names of the user's groups."""
    return frozenset(group.name for group in user.groups)


async def _document(spawner: Any, choice: Choice, recipe: Recipe, token: str) -> Mapping[str, Any]:
    user = spawner.user.name
    options = {f"option.{name}": str(value) for name, value in choice.selection.options}
    names = {"JUPYTERHUB_USER": user, "JUPYTERHUB_HOST": _host(spawner), **options}
    kwargs = await filled_in(recipe.spawner_class, recipe.spawner_kwargs, names)
    # the hub gives it, and the name may be another one when the spawner is made again
    if kwargs.get("user") == user:
        del kwargs["user"]
    return {
        "class": recipe.spawner_class,
        "kwargs": {**_limits(choice.selection.hardware), **kwargs},
        "user_options": stored_options(choice.inner),
        "server": {"user": spawner.user.id, "spawner": spawner.orm_spawner.id},
        "token": token,
        "provider_settings": dict(recipe.provider_settings),
    }


def _host(spawner: Any) -> str:
    return str(getattr(spawner.hub, "public_host", "") or "") if spawner.hub is not None else ""


def _limits(hardware: Hardware) -> dict[str, Any]:
    """What JupyterHub's spawners call the chosen hardware."""
    chosen = {
        "cpu_limit": hardware.cpu,
        "mem_limit": None if hardware.memory is None else int(hardware.memory * 2**30),
    }
    return {name: value for name, value in chosen.items() if value is not None}


def take_limits(spawner: Any, chosen: Chosen) -> None:
    """Have the hub wait and ask as the offer says, else as the inner spawner does."""
    offer = {name: getattr(chosen.choice.offer, name) for name in TIMES}
    take_times(spawner, chosen.inner, **{name: value for name, value in offer.items() if value is not None})


def take_times(spawner: Any, inner: Any, **said: int) -> None:
    """Have the hub wait and ask as is said, else as the inner spawner does."""
    for name in TIMES:
        setattr(spawner, name, said.get(name, getattr(inner.child, name)))
    spawner.given.settle(*TIMES)
