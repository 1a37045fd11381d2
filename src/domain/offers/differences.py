"""Who gains or loses what when the offers change."""

from collections.abc import Iterable, Mapping
from typing import Literal

from attrs import frozen

from .hardware import Flavors
from .offer import Offer
from .options import ChoiceOption, Option
from .words import audience, flavor_words, hardware, lasts, people, summary, value_words


@frozen
class People:
    """Whom a difference is about."""

    everyone: bool = False
    """Everyone whom the other side of the difference does not name."""
    groups: tuple[str, ...] = ()
    users: tuple[str, ...] = ()

    def words(self, but: str = "") -> str:
        """Such as `groups staff`, or `everyone but groups staff`; nothing for nobody."""
        if self.everyone:
            return f"everyone but {but}" if but else "everyone"
        return people(self.groups, self.users)


@frozen
class Change:
    """One thing about an offer that becomes another; empty words where there was or will be nothing."""

    what: str
    """`name`, `description`, `image`, `audience`, `hardware`, `lifetime`, `inner_options`, `options.NAME`."""
    before: str
    after: str


@frozen(kw_only=True)
class Difference:
    """What becomes of one offer."""

    offer: Offer
    """As it will be; as it was where it vanishes."""
    kind: Literal["appears", "vanishes", "changes"]
    gains: People
    """Who can choose it from then on."""
    loses: People
    """Who can't choose it any more, unless they are named otherwise."""
    changes: tuple[Change, ...] = ()

    @property
    def gaining(self) -> str:
        """Who gains it, in words."""
        return self.gains.words()

    @property
    def losing(self) -> str:
        """Who loses it, in words."""
        return self.loses.words("" if self.kind == "vanishes" else people(*_named(self.offer)))


def differences(before: Iterable[Offer], after: Iterable[Offer]) -> tuple[Difference, ...]:
    """All that users can notice: in the order of what is to come, then what vanishes.

    Settings of the inner spawner, time limits and the titles of options don't count.
    """
    old, new = ({offer.id: offer for offer in offers} for offers in (before, after))
    found = [_difference(old.get(id_), new.get(id_)) for id_ in {**new, **old}]
    return tuple(each for each in found if each is not None)


def _difference(old: Offer | None, new: Offer | None) -> Difference | None:
    offer = new or old
    assert offer is not None
    gains, loses = _beyond(new, old), _beyond(old, new)
    if old is None or new is None:
        kind: Literal["appears", "vanishes"] = "appears" if old is None else "vanishes"
        return Difference(offer=offer, kind=kind, gains=gains, loses=loses)
    before, after = _facets(old), _facets(new)
    changes = tuple(
        Change(what, before.get(what, ""), after.get(what, ""))
        for what in {**before, **after}
        if before.get(what, "") != after.get(what, "")
    )
    return (
        Difference(offer=offer, kind="changes", gains=gains, loses=loses, changes=changes)
        if changes
        else None
    )


def _beyond(one: Offer | None, other: Offer | None) -> People:
    """For whom one is and the other isn't."""
    if one is None or (other is not None and _is_open(other)):
        return People()
    if _is_open(one):
        return People(everyone=True)
    groups, users = _named(one)
    known_groups, known_users = ((), ()) if other is None else _named(other)
    return People(
        groups=tuple(group for group in groups if group not in known_groups),
        users=tuple(user for user in users if user not in known_users),
    )


def _is_open(offer: Offer) -> bool:
    return offer.groups is None and offer.users is None


def _named(offer: Offer) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return offer.groups or (), offer.users or ()


def _facets(offer: Offer) -> Mapping[str, str]:
    passed = offer.inner_options
    return {
        "name": offer.name,
        "description": offer.description,
        "image": offer.image or "",
        "audience": audience(offer),
        "hardware": _hardware(offer),
        "lifetime": lasts(offer) or "until it is stopped",
        "inner_options": ", ".join(passed) if isinstance(passed, tuple) else {True: "all", False: ""}[passed],
        **{f"options.{option.name}": _option(option) for option in offer.options},
    }


def _hardware(offer: Offer) -> str:
    allowed = offer.hardware
    if isinstance(allowed, Flavors):
        return f"{'; '.join(flavor_words(each) for each in allowed.flavors)} ({allowed.default} if not said)"
    said = hardware(allowed)
    return said and f"{said} ({summary(offer)} if not said)"


def _option(option: Option) -> str:
    wanted = option.wanted
    if isinstance(option, ChoiceOption):
        # all of them: what is cut can't be compared
        wanted = f"one of {', '.join(repr(choice) for choice in option.choices)}"
    said = "must be given" if option.default is None else f"{value_words(option.default)} if not said"
    return f"{wanted} ({said})"
