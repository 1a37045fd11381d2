"""Offers, and choices within them, in words."""

from collections.abc import Collection

from ..values import Hardware, OptionValue, Selection
from .hardware import Flavor, Flavors, Ranges
from .offer import Offer

MEASURES = {
    "cpu": ("Processors", ""),
    "memory": ("Memory", "GiB"),
    "gpu": ("GPUs", ""),
    "gpu_kind": ("Kind of GPU", ""),
    "flavor": ("Size", ""),
    "lifetime": ("Lifetime", "minutes"),
}
"""What people call each part of a selection, and its unit."""


def titled(part: str) -> str:
    """The title of a part of a selection, with its unit."""
    title, unit = MEASURES[part]
    return f"{title} ({unit})" if unit else title


def hardware(allowed: Ranges | Flavors) -> str:
    """What hardware can be chosen; nothing if none can."""
    if isinstance(allowed, Flavors):
        return f"one of {', '.join(allowed.names)}"
    amounts = (("cpu", allowed.cpu, ""), ("memory", allowed.memory, " GiB"), ("gpu", allowed.gpu, ""))
    said = [f"{name} {amount}{unit}" for name, amount, unit in amounts if amount is not None]
    return ", ".join(said + ([f"gpu_kind {', '.join(allowed.gpu_kinds)}"] if allowed.gpu_kinds else []))


def lasts(offer: Offer) -> str:
    """How long a session lasts; nothing if it has no end."""
    default, maximum = offer.lifetime.absent(), offer.lifetime.maximum
    if default is None:
        return ""
    return f"{default} minutes" + (f", at most {maximum}" if maximum is not None else "")


def audience(offer: Offer) -> str:
    """Who may choose it."""
    if offer.groups is None and offer.users is None:
        return "everyone"
    return people(offer.groups or (), offer.users or ()) or "nobody"


def people(groups: Collection[str], users: Collection[str]) -> str:
    """Members of groups, and users by name; nothing for none."""
    named = (f"groups {', '.join(groups)}" if groups else "", f"users {', '.join(users)}" if users else "")
    return " and ".join(filter(None, named))


def hardware_words(chosen: Hardware) -> str:
    """Chosen hardware, such as `4 CPU · 16 GiB · 1 GPU a100`; nothing if the provider decides."""
    gpu = "" if not chosen.gpu else f"{chosen.gpu} GPU"
    if chosen.gpu_kind and chosen.gpu != 0:
        gpu = f"{gpu or 'GPU'} {chosen.gpu_kind}"
    return _row(
        "" if chosen.cpu is None else f"{chosen.cpu:g} CPU",
        "" if chosen.memory is None else f"{chosen.memory:g} GiB",
        gpu,
    )


def summary(offer: Offer) -> str:
    """The hardware that an offer gives to whoever says nothing, such as `4 CPU · 16 GiB · 1 GPU`."""
    return hardware_words(offer.hardware.choose({}))


def flavor_words(flavor: Flavor) -> str:
    """A named size, such as `roomy: for large models (8 CPU · 64 GiB)`."""
    described = f"{flavor.name}: {flavor.description}" if flavor.description else flavor.name
    size = hardware_words(flavor.hardware)
    return f"{described} ({size})" if size else described


def selection_words(selection: Selection) -> str:
    """What was chosen within an offer, such as `4 CPU · 16 GiB · 60 minutes · course physics`."""
    lifetime = "" if selection.lifetime is None else f"{selection.lifetime} minutes"
    options = (f"{name} {value_words(value)}" for name, value in selection.options)
    return _row(hardware_words(selection.hardware), lifetime, *options)


def value_words(value: OptionValue) -> str:
    """The value of an option."""
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _row(*parts: str) -> str:
    return " · ".join(filter(None, parts))
