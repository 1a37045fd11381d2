"""The plain form: offers, hardware, lifetime, options; and the request that a filled one makes."""

from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from jinja2 import Environment
from jupyterhub.spawner import SpawnException
from jupyterhub.utils import maybe_future

from ....domain.offers import BooleanOption, Flavors, Offer, choose, visible
from ....domain.refusals import Refusal
from .choosing import choose_for, groups_of
from .fields import read_fields
from .houses import house_of


class Forms:
    """Makes and reads the form of one outer spawner."""

    def __init__(self, spawner: Any) -> None:
        self._spawner = spawner

    async def page(self) -> str:
        """HTML of the form's fields; empty where there is nothing to choose.

        With one offer and nothing to choose within it, the form is its inner spawner's own.
        """
        offers = await self._offers()
        if _is_inner_form(offers):
            child = (await self._child()).get_options_form()
            return str(await maybe_future(child) or "")
        source = files(__package__).joinpath("form.html").read_text(encoding="utf-8")
        environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
        kinds = {"flavors": Flavors, "boolean": BooleanOption}
        is_kind = {name: lambda value, kind=kind: isinstance(value, kind) for name, kind in kinds.items()}
        environment.tests.update(is_kind)
        return environment.from_string(source).render(offers=offers)

    async def read(self, form_data: Mapping[str, Any]) -> Any:
        """The request in a filled form. Raises SpawnException for what would be refused."""
        offers = await self._offers()
        if _is_inner_form(offers):
            return await maybe_future((await self._child()).run_options_from_form(form_data))
        return self._checked(read_fields(form_data, offers), offers)

    async def read_query(self, query_data: Mapping[str, list[str]]) -> Any:
        """The request in a link's query. Raises SpawnException for what would be refused."""
        offers = await self._offers()
        if _is_inner_form(offers) and "offer" not in query_data:
            return await maybe_future((await self._child()).options_from_query(query_data))
        return self._checked(read_fields(query_data, offers), offers)

    async def _offers(self) -> tuple[Offer, ...]:
        user = self._spawner.user
        current = await (await house_of(self._spawner)).refresh_configuration()
        return visible(current.offers, user.name, groups_of(user))

    async def _child(self) -> Any:
        # made for its form only, and never started
        chosen = await choose_for(self._spawner, await house_of(self._spawner), {}, to_start=False)
        return chosen.inner.child

    def _checked(self, request: Mapping[str, Any], offers: tuple[Offer, ...]) -> Mapping[str, Any]:
        user = self._spawner.user
        try:
            choose(request, None, offers, user.name, groups_of(user))
        except Refusal as refusal:
            raise SpawnException(refusal.message, reason=refusal.code) from refusal
        return request


def _is_inner_form(offers: tuple[Offer, ...]) -> bool:
    """Whether there is nothing of ours to choose: one offer as it is."""
    if len(offers) != 1:
        return False
    offer = offers[0]
    return not (offer.options or offer.hardware.keys or offer.lifetime.maximum or offer.lifetime.default)
