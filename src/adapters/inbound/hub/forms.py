"""The form: what was last, offers, hardware, lifetime, options; and the request that a filled one makes."""

from asyncio import to_thread
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from attrs import evolve
from jupyterhub.spawner import SpawnException
from jupyterhub.utils import maybe_future

from ....domain.offers import Choice, NoOffer, Offer, choose, visible
from ....domain.refusals import Refusal
from .choosing import choose_for, groups_of
from .fields import meant, read_fields
from .houses import house_of
from .spawn_form.again import AGAIN, again, mark
from .spawn_form.cards import last
from .spawn_form.filling import Entered, Filling, by_entries, by_request, entered_in
from .spawn_form.free import free_words
from .spawn_form.html import form
from .spawn_form.surroundings import around


class Forms:
    """Makes and reads the form of one outer spawner."""

    def __init__(self, spawner: Any) -> None:
        self._spawner = spawner

    async def page(self) -> str:
        """HTML of the form's fields; empty where there is nothing to choose.

        What was sent to the spawner's handler, or stands in its link, is in the fields. With one offer and
        nothing to choose within it, the form is its inner spawner's own.
        """
        offers, entered = await self._offers(), entered_in(self._spawner.handler)
        filling = self._filling(entered, offers)
        if _is_inner_form(offers) and not _leads_elsewhere(entered, filling):
            try:
                child = (await self._child()).get_options_form()
                return str(await maybe_future(child) or "")
            except Refusal as refusal:
                filling = Filling(None, refusals=(refusal,))
        house = await house_of(self._spawner)
        free = free_words(await house.availabilities.of(offers))
        now, remembered = house.ports.clock.now(), self._remembered(offers)
        before = last(remembered, mark(self._spawner.remembered), now) if remembered is not None else None
        surroundings = around(self._spawner.handler, house.ports.configurations)
        # with hundreds of offers it takes longer than the hub should wait
        return await to_thread(form, offers, filling, before, now, free, surroundings)

    async def read(self, form_data: Mapping[str, Any]) -> Any:
        """The request in a filled form. Raises SpawnException for what would be refused."""
        offers = await self._offers()
        with _told_by_the_hub():
            if _is_inner_form(offers) and form_data.get("offer") != [offers[0].id]:
                return await maybe_future((await self._child()).run_options_from_form(form_data))
            if AGAIN in form_data:
                return self._again(form_data[AGAIN], offers)
            return self._judged(read_fields(form_data, offers), offers)

    async def read_query(self, query_data: Mapping[str, list[str]]) -> Any:
        """The request in a link's query. Raises SpawnException for what would be refused."""
        offers = await self._offers()
        with _told_by_the_hub():
            if _is_inner_form(offers) and "offer" not in query_data:
                return await maybe_future((await self._child()).options_from_query(query_data))
            return self._judged(read_fields(query_data, offers), offers)

    async def _offers(self) -> tuple[Offer, ...]:
        user = self._spawner.user
        current = await (await house_of(self._spawner)).refresh_configuration()
        return visible(current.offers, user.name, groups_of(user))

    async def _child(self) -> Any:
        # made for its form only, and never started
        chosen = await choose_for(self._spawner, await house_of(self._spawner), {}, to_start=False)
        return chosen.inner.child

    def _filling(self, entered: Entered | None, offers: Sequence[Offer]) -> Filling:
        if entered is not None and AGAIN not in entered.texts:
            return by_entries(entered, offers, lambda request: self._judged(request, offers))
        if not offers:
            return Filling(None, refusals=(NoOffer(),))
        filling = self._filled_as_before(offers)
        if entered is not None:
            try:
                self._again(entered.texts[AGAIN], offers)
            except Refusal as refusal:
                filling = evolve(filling, refusals=(refusal, *refusal.also))
        return filling

    def _filled_as_before(self, offers: Sequence[Offer]) -> Filling:
        before: Mapping[str, Any] = self._spawner.remembered
        if (choice := self._remembered(offers)) is not None:
            return by_request(before, choice.offer)
        # its offer may be there still, with other things to choose
        return Filling(meant(before.get("offer"), offers) or offers[0])

    def _remembered(self, offers: Sequence[Offer]) -> Choice | None:
        """What is remembered, if there is something and it is still allowed."""
        before = self._spawner.remembered
        try:
            return self._choice(before, offers) if before else None
        except Refusal:
            return None

    def _again(self, said: Any, offers: Sequence[Offer]) -> Mapping[str, Any]:
        return self._judged(again(self._spawner.remembered, said), offers)

    def _judged(self, request: Mapping[str, Any], offers: Sequence[Offer]) -> Mapping[str, Any]:
        """The request, if it is allowed; raises a Refusal."""
        self._choice(request, offers)
        return request

    def _choice(self, request: Mapping[str, Any], offers: Sequence[Offer]) -> Choice:
        user = self._spawner.user
        return choose(request, None, offers, user.name, groups_of(user))


@contextmanager
def _told_by_the_hub() -> Iterator[None]:
    try:
        yield
    except Refusal as refusal:
        raise SpawnException(refusal.message, reason=refusal.code) from refusal


def _is_inner_form(offers: Sequence[Offer]) -> bool:
    """Whether there is nothing of ours to choose: one offer as it is."""
    if len(offers) != 1:
        return False
    offer = offers[0]
    return not (offer.options or offer.hardware.keys or offer.lifetime.maximum or offer.lifetime.default)


def _leads_elsewhere(entered: Entered | None, filling: Filling) -> bool:
    """Whether a link is for an offer that is not there: then the only one must not start instead."""
    is_refused = any(refusal.place == "offer" for refusal in filling.refusals)
    return entered is not None and entered.is_link and is_refused
