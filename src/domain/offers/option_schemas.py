"""An offer's own options as JSON Schema."""

from typing import Any

from .options import BooleanOption, ChoiceOption, IntegerOption, Option, TextOption
from .patterns import ecma


def option_schema(option: Option) -> dict[str, Any]:
    """What may be sent for one option."""
    taken, description = _taken(option), option.description
    if isinstance(option, TextOption) and "pattern" not in taken:
        description = f"{description} ({option.wanted})".lstrip()
    return {
        "title": option.title or option.name,
        **({"description": description} if description else {}),
        **taken,
        **({} if option.default is None else {"default": option.default}),
    }


def _taken(option: Option) -> dict[str, Any]:
    match option:
        case ChoiceOption():
            return {"enum": list(dict.fromkeys(option.choices))}
        case IntegerOption():
            return {"type": "integer", "minimum": option.minimum, "maximum": option.maximum}
        case BooleanOption():
            return {"type": "boolean"}
        case TextOption():
            pattern = ecma(option.pattern)
            shape = {} if pattern is None else {"pattern": pattern}
            return {"type": "string", "maxLength": option.max_length, **shape}
    raise TypeError(type(option))
