"""Facts as JSON documents, each with the version of its payload; older ones are brought up to date."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from attrs import field, frozen
from cattrs.preconf.json import JsonConverter, make_converter

from ....domain.catalogue import FACTS, NAMES, Fact

Document = dict[str, Any]
Upcaster = Callable[[Document], Document]

VERSIONS: Mapping[str, int] = {}
"""Payload version by stored name, where it is not 1 any more."""
UPCASTERS: Mapping[tuple[str, int], Upcaster] = {}
"""What makes a payload of (stored name, version) one of the next version."""


class UnreadableFact(Exception):
    """A stored payload that this software can't read; the message says why."""


def _of(*types: type) -> Callable[[Any, Any], Any]:
    """A hook that takes exactly these types, where cattrs would turn a 5 into "5"."""

    def check(value: Any, target: Any) -> Any:
        if type(value) not in types:
            raise TypeError(f"{target.__name__} expected, {type(value).__name__} found")
        return target(value)

    return check


def _to_utc(time: datetime) -> str:
    if time.tzinfo is None:
        raise ValueError("a time without a time zone can't be stored")
    return time.astimezone(UTC).isoformat()


def _from_utc(text: str, _: Any) -> datetime:
    time = datetime.fromisoformat(text)
    if time.tzinfo is None:
        raise ValueError("a stored time has no time zone")
    return time.astimezone(UTC)


def strict_converter() -> JsonConverter:
    """Between attrs classes and JSON: times in UTC, tuples as lists, nothing turned into another type."""
    converter = make_converter(forbid_extra_keys=True, detailed_validation=False)
    converter.register_unstructure_hook(datetime, _to_utc)
    converter.register_structure_hook(datetime, _from_utc)
    for target, accepted in ((str, (str,)), (int, (int,)), (bool, (bool,)), (float, (float, int))):
        converter.register_structure_hook(target, _of(*accepted))
    return converter


@frozen
class FactCodec:
    """Writes facts in their newest payload version and reads all versions there ever were."""

    versions: Mapping[str, int] = VERSIONS
    upcasters: Mapping[tuple[str, int], Upcaster] = UPCASTERS
    converter: JsonConverter = field(factory=strict_converter, repr=False)

    def dump(self, fact: Fact) -> tuple[str, int, Document]:
        """Stored name, payload version and payload; raises KeyError for what is not in the catalogue."""
        name = NAMES[type(fact)]
        return name, self.versions.get(name, 1), self.converter.unstructure(fact)

    def load(self, name: str, version: int, payload: Document) -> Fact:
        """The fact that was stored; raises UnreadableFact."""
        try:
            return self.converter.structure(self._newest(name, version, payload), FACTS[name])
        except UnreadableFact:
            raise
        except KeyError as error:
            raise UnreadableFact(f"{error} is neither a known fact nor in its payload") from error
        except Exception as error:
            raise UnreadableFact(f"the payload is not one of {name}: {error}") from error

    def _newest(self, name: str, version: int, payload: Document) -> Document:
        newest = self.versions.get(name, 1)
        if not 1 <= version <= newest:
            raise UnreadableFact(
                f"payload version {version} of {name} was written by newer software (this one knows {newest})"
            )
        for older in range(version, newest):
            payload = self.upcasters[name, older](payload)
        return payload
