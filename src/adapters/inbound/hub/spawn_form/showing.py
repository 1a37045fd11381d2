"""A field as the form shows it."""

from collections.abc import Mapping, Sequence

from attrs import frozen

from .....domain.offers import Offer, TextOption
from .....domain.offers.options import PRINTABLE
from ..fields import Field, fields_of
from .complaints import Complaint


@frozen(kw_only=True)
class Shown:
    """A field with what stands in it, what can be put in, and what is wrong."""

    field: Field
    id: str
    text: str
    hint: str
    errors: tuple[str, ...] = ()

    @property
    def described_by(self) -> str:
        """Ids of what tells more about it."""
        parts = {"error": self.errors, "hint": self.hint}
        return " ".join(f"{self.id}-{part}" for part, said in parts.items() if said)


def shown_fields(
    card: str, offer: Offer, texts: Mapping[str, str] | None = None, complaints: Sequence[Complaint] = ()
) -> tuple[Shown, ...]:
    """All that can be chosen in the card of an offer, with these texts by field name, defaults elsewhere."""
    fields = [field for field in fields_of(offer) if not _is_fixed(field)]
    return tuple(
        Shown(
            field=field,
            id=f"{card}-{number}",
            text=(texts or {}).get(field.name, field.default or ""),
            hint=_hint(offer, field),
            errors=tuple(each.words for each in complaints if each.place == field.name),
        )
        for number, field in enumerate(fields)
    )


def _is_fixed(field: Field) -> bool:
    """Whether there is nothing to choose: the card tells hardware of one size."""
    is_hardware = field.name.startswith("hardware.")
    return is_hardware and field.minimum is not None and field.minimum == field.maximum


def _hint(offer: Offer, field: Field) -> str:
    said = (field.help or _shape(offer, field), _limits(offer, field), "required" if field.required else "")
    return " · ".join(filter(None, said))


def _shape(offer: Offer, field: Field) -> str:
    """What a text must be like, where the administrator says nothing of it."""
    option = next((each for each in offer.options if field.name == f"options.{each.name}"), None)
    has_shape = isinstance(option, TextOption) and option.pattern != PRINTABLE
    return option.wanted if option is not None and has_shape else ""


def _limits(offer: Offer, field: Field) -> str:
    if field.name == "lifetime":
        # the schema's bound of ten years tells nobody anything
        return "" if offer.lifetime.maximum is None else f"at most {offer.lifetime.maximum}"
    if field.minimum is None or field.maximum is None:
        return ""
    return f"{field.minimum:.15g} to {field.maximum:.15g}"
