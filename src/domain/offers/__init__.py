"""Offers: what a given user may choose, and the answer to what they asked for."""

from .choosing import Choice, choose, visible
from .hardware import Flavor, Flavors, Range, Ranges
from .offer import Lifetime, Offer, UnixAccount
from .options import BooleanOption, ChoiceOption, IntegerOption, Option, TextOption
from .refusals import (
    AmbiguousOffer,
    BadOption,
    BadType,
    HardwareOutOfRange,
    LifetimeTooLong,
    NoOffer,
    OfferRequired,
    OptionRequired,
    UnknownFlavor,
    UnknownKey,
    UnknownOffer,
    UnknownOption,
)

__all__ = [
    "AmbiguousOffer",
    "BadOption",
    "BadType",
    "BooleanOption",
    "Choice",
    "ChoiceOption",
    "Flavor",
    "Flavors",
    "HardwareOutOfRange",
    "IntegerOption",
    "Lifetime",
    "LifetimeTooLong",
    "NoOffer",
    "Offer",
    "OfferRequired",
    "Option",
    "OptionRequired",
    "Range",
    "Ranges",
    "TextOption",
    "UnixAccount",
    "UnknownFlavor",
    "UnknownKey",
    "UnknownOffer",
    "UnknownOption",
    "choose",
    "visible",
]
