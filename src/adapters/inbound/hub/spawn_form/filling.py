"""What stands in the form when somebody opens it: their entries, a link's values, or what is remembered."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from attrs import frozen
from jupyterhub.handlers.pages import SpawnHandler

from .....domain.offers import Offer, OptionRequired
from .....domain.refusals import Refusal
from ..fields import fields_of, filled, is_ours, meant, read_fields

AT_ONCE = "opt-"
"""How the hub begins keys of a query that start a server without a form."""


@frozen
class Entered:
    """What a page was asked with, by the names of form fields or of a query."""

    texts: Mapping[str, Sequence[str]]
    is_link: bool
    """Whether it is for the form only; else it was to start, and the form is shown because that failed."""


@frozen
class Filling:
    """The offer that is chosen at first, what its fields hold by name, and what is wrong with it."""

    offer: Offer | None
    texts: Mapping[str, str] = {}
    refusals: tuple[Refusal, ...] = ()


def entered_in(handler: Any) -> Entered | None:
    """What somebody sent to the hub's spawn page, or asked it for; None if nothing of ours."""
    if not isinstance(handler, SpawnHandler):
        return None
    if handler.request.method == "POST":
        return Entered(_texts(handler.request.body_arguments), is_link=False)
    query = _texts(handler.request.query_arguments)
    at_once = {key.removeprefix(AT_ONCE): value for key, value in query.items() if key.startswith(AT_ONCE)}
    if at_once:
        return Entered(at_once, is_link=False)
    linked = {key: value for key, value in query.items() if fills(key)}
    return Entered(linked, is_link=True) if linked else None


def fills(key: str) -> bool:
    """Whether a key of a link is there to fill the form."""
    return key == "offer" or is_ours(key)


def by_entries(
    entered: Entered, offers: Sequence[Offer], judge: Callable[[Mapping[str, Any]], object]
) -> Filling:
    """The form as somebody filled it, and what `judge` refuses of that."""
    request = read_fields(entered.texts, offers)
    offer = meant(request.get("offer"), offers)
    refusals: tuple[Refusal, ...] = ()
    try:
        judge(request)
    except Refusal as refusal:
        refusals = (refusal, *refusal.also)
    if entered.is_link:
        # nobody has had the chance to say it
        refusals = tuple(each for each in refusals if not isinstance(each, OptionRequired))
    return Filling(offer, _said(entered, offer) if offer is not None else {}, refusals)


def by_request(request: Mapping[str, Any], offer: Offer) -> Filling:
    """The form that makes this request, which is for this offer."""
    return Filling(offer, filled(offer, request))


def _said(entered: Entered, offer: Offer) -> dict[str, str]:
    """The last text of each field, which stands under its name in a link and under its key in a form."""
    found = {
        field.name: entered.texts.get(field.key) or entered.texts.get(field.name)
        for field in fields_of(offer)
    }
    return {name: texts[-1] for name, texts in found.items() if texts}


def _texts(arguments: Mapping[str, Sequence[bytes]]) -> dict[str, list[str]]:
    return {key: [value.decode(errors="replace") for value in values] for key, values in arguments.items()}
