"""An offer's own typed options: each judges and tells what it takes; one without a default must be given."""

import re
from typing import Any

from attrs import field, frozen

from ..values import OptionValue
from .numbers import as_whole
from .patterns import ecma
from .refusals import BadOption, OptionRequired, listed

TEXT_LIMIT = 1_000
"""Characters; the longest text that any option takes, so that no pattern meets more."""
PRINTABLE = r"[^\x00-\x1f\x7f]*"
"""The pattern of a text option that has none: one line without control characters."""


@frozen(kw_only=True)
class Option:
    """What all options have; `default` None means that the user must give it."""

    name: str
    default: OptionValue | None = None
    title: str = ""
    """Shown instead of the name."""
    description: str = ""

    @property
    def wanted(self) -> str:
        """What it takes, in words."""
        raise NotImplementedError

    @property
    def taken(self) -> dict[str, Any]:
        """The same as keywords of JSON Schema."""
        raise NotImplementedError

    @property
    def left_out(self) -> str:
        """What `taken` can't say, in words; nothing where it says all."""
        return ""

    def _fits(self, value: object) -> OptionValue | None:
        raise NotImplementedError

    def accept(self, value: object) -> OptionValue:
        """The value as this option holds it; raises BadOption."""
        fitting = self._fits(value)
        if fitting is None:
            raise BadOption(self.name, value, self.wanted)
        return fitting

    def absent(self) -> OptionValue:
        """What counts when the user says nothing; raises OptionRequired."""
        if self.default is None:
            raise OptionRequired(self.name, self.wanted)
        return self.default

    @property
    def schema(self) -> dict[str, Any]:
        """What may be sent, as JSON Schema."""
        description = f"{self.description} ({self.left_out})".lstrip() if self.left_out else self.description
        return {
            "title": self.title or self.name,
            **({"description": description} if description else {}),
            **self.taken,
            **({} if self.default is None else {"default": self.default}),
        }


@frozen(kw_only=True)
class ChoiceOption(Option):
    """One of several values, each a text or a whole number."""

    choices: tuple[str | int, ...]

    @property
    def wanted(self) -> str:
        """The choices."""
        return f"one of {listed(str(choice) for choice in self.choices)}"

    @property
    def taken(self) -> dict[str, Any]:
        """The choices, each once."""
        return {"enum": list(dict.fromkeys(self.choices))}

    def _fits(self, value: object) -> OptionValue | None:
        sought = value if isinstance(value, str) else as_whole(value)
        # text "1" and number 1 are two choices
        return next((c for c in self.choices if type(c) is type(sought) and c == sought), None)


@frozen(kw_only=True)
class IntegerOption(Option):
    """A whole number from minimum to maximum, both allowed."""

    minimum: int
    maximum: int

    @property
    def wanted(self) -> str:
        """The bounds."""
        return f"a whole number from {self.minimum} to {self.maximum}"

    @property
    def taken(self) -> dict[str, Any]:
        """The bounds."""
        return {"type": "integer", "minimum": self.minimum, "maximum": self.maximum}

    def _fits(self, value: object) -> OptionValue | None:
        number = as_whole(value)
        return number if number is not None and self.minimum <= number <= self.maximum else None


@frozen(kw_only=True)
class BooleanOption(Option):
    """Yes or no."""

    @property
    def wanted(self) -> str:
        """The two values."""
        return "true or false"

    @property
    def taken(self) -> dict[str, Any]:
        """The two values."""
        return {"type": "boolean"}

    def _fits(self, value: object) -> OptionValue | None:
        return value if isinstance(value, bool) else None


@frozen(kw_only=True)
class TextOption(Option):
    """Text that matches a pattern as a whole."""

    pattern: str = field(default=PRINTABLE)
    """Python regular expression."""
    max_length: int = 255
    """Characters, at most 1000."""

    def __attrs_post_init__(self) -> None:
        re.compile(self.pattern)
        if not 0 < self.max_length <= TEXT_LIMIT:
            raise ValueError(f"max_length must be from 1 to {TEXT_LIMIT}")

    @property
    def wanted(self) -> str:
        """Length and pattern."""
        shape = "one line of text" if self.pattern == PRINTABLE else f"text that matches {self.pattern}"
        return f"{shape}, at most {self.max_length} characters"

    @property
    def taken(self) -> dict[str, Any]:
        """Length, and the pattern where JSON Schema has one that means the same."""
        pattern = ecma(self.pattern)
        shape = {} if pattern is None else {"pattern": pattern}
        return {"type": "string", "maxLength": self.max_length, **shape}

    @property
    def left_out(self) -> str:
        """A pattern that only Python understands."""
        return "" if "pattern" in self.taken else self.wanted

    def _fits(self, value: object) -> OptionValue | None:
        if not isinstance(value, str) or len(value) > self.max_length or not _encodable(value):
            return None
        return value if re.fullmatch(self.pattern, value) else None


def _encodable(text: str) -> bool:
    # JSON can carry half of a surrogate pair, which no file, argument or log can hold
    return not any("\ud800" <= character <= "\udfff" for character in text)
