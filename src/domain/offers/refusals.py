"""Why a choice is refused: each says what was asked for and what is allowed."""

from collections.abc import Iterable
from reprlib import Repr

from ..refusals import Refusal

LISTED = 20
"""How many allowed names a message lists; the rest are counted."""


def shown(value: object) -> str:
    """What somebody typed, as data: escaped, and cut so that a message stays a message."""
    short = Repr()
    short.maxstring = short.maxother = short.maxlong = 60
    short.maxlevel = 2
    try:
        return short.repr(value)
    except ValueError:  # Python doesn't print integers of thousands of digits
        return "a number of thousands of digits"


def listed(names: Iterable[str]) -> str:
    """Names in a row, or `nothing`."""
    known = list(names)
    more = f" and {len(known) - LISTED} more" if len(known) > LISTED else ""
    return (", ".join(known[:LISTED]) + more) or "nothing"


class UnknownOffer(Refusal):
    """No offer of this name is there for this user; a forbidden one answers the same."""

    code = "unknown_offer"
    place = "offer"

    def __init__(self, asked: str, allowed: Iterable[str]) -> None:
        self.allowed = tuple(allowed)
        super().__init__(f"There is no offer {shown(asked)}. You can choose: {listed(self.allowed)}.")


class OfferRequired(Refusal):
    """Several offers are there and the request names none."""

    code = "offer_required"
    place = "offer"

    def __init__(self, allowed: Iterable[str]) -> None:
        self.allowed = tuple(allowed)
        super().__init__(f'Say which offer you want with "offer". You can choose: {listed(self.allowed)}.')


class NoOffer(Refusal):
    """Nothing is offered to this user."""

    code = "no_offer"

    def __init__(self) -> None:
        super().__init__("There is nothing here that you may start. Ask the administrator of this hub.")


class AmbiguousOffer(Refusal):
    """A name fits several offers."""

    code = "ambiguous_offer"
    place = "offer"

    def __init__(self, asked: str, fitting: Iterable[str]) -> None:
        self.fitting = tuple(fitting)
        super().__init__(f"{shown(asked)} fits more than one offer. Say which: {listed(self.fitting)}.")


class UnknownKey(Refusal):
    """The request has a key that this offer doesn't take."""

    code = "unknown_key"

    def __init__(self, within: str, key: object, allowed: Iterable[str]) -> None:
        self.place = f"{within}.{key}" if within else str(key)
        self.key = key
        self.allowed = tuple(allowed)
        super().__init__(
            f"{within or 'The request'} has no {shown(key)} to choose. It takes: {listed(self.allowed)}."
        )


class BadType(Refusal):
    """A value is of another kind than what is wanted."""

    code = "bad_type"

    def __init__(self, place: str, found: object, wanted: str) -> None:
        self.place = place
        self.wanted = wanted
        super().__init__(f"{place or 'The request'} must be {wanted}, not {shown(found)}.")


class HardwareOutOfRange(Refusal):
    """This hardware isn't part of the offer."""

    code = "hardware_out_of_range"

    def __init__(self, place: str, found: object, allowed: str) -> None:
        self.place = place
        super().__init__(f"{place} can't be {shown(found)} here. Allowed: {allowed}.")


class UnknownFlavor(HardwareOutOfRange):
    """No such named size."""

    code = "unknown_flavor"


class LifetimeTooLong(Refusal):
    """The session would last longer than allowed."""

    code = "lifetime_too_long"
    place = "lifetime"

    def __init__(self, found: int, maximum: int) -> None:
        self.maximum = maximum
        super().__init__(f"A session here lasts at most {maximum} minutes, not {shown(found)}.")


class UnknownOption(UnknownKey):
    """The offer has no such option."""

    code = "unknown_option"


class BadOption(Refusal):
    """An option's value isn't one that it takes."""

    code = "bad_option"

    def __init__(self, option: str, found: object, wanted: str) -> None:
        self.option = option
        self.place = f"options.{option}"
        super().__init__(f"Option {option} must be {wanted}, not {shown(found)}.")


class OptionRequired(Refusal):
    """An option without a default was not given."""

    code = "option_required"

    def __init__(self, option: str, wanted: str) -> None:
        self.option = option
        self.place = f"options.{option}"
        super().__init__(f"Option {option} must be given: {wanted}.")
