"""Offers: what a given user may choose, and the answer to what they asked for."""

from .choosing import Choice, choose, visible
from .hardware import Flavor, Flavors, Range, Ranges
from .offer import Lifetime, Offer
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
from .repeating import request_for
from .schema import offer_schema, schema

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
    "UnknownFlavor",
    "UnknownKey",
    "UnknownOffer",
    "UnknownOption",
    "choose",
    "offer_schema",
    "request_for",
    "schema",
    "visible",
]
