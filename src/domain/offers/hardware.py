"""The hardware that an offer allows: ranges to choose within, or named flavors."""

from collections.abc import Mapping
from typing import cast

from attrs import field, frozen

from ..values import Hardware
from .gathering import Gathered
from .numbers import as_number, as_whole
from .refusals import BadType, HardwareOutOfRange, UnknownFlavor, UnknownKey, listed

NUMBERS = ("cpu", "memory", "gpu")


@frozen
class Range:
    """From minimum to maximum, both allowed; `default` counts when nothing is chosen."""

    minimum: float
    maximum: float
    default: float

    def __attrs_post_init__(self) -> None:
        if not 0 <= self.minimum <= self.default <= self.maximum:
            raise ValueError("a range needs 0 <= minimum <= default <= maximum")

    def __str__(self) -> str:
        fixed = self.minimum == self.maximum
        return f"{self.minimum:g}" if fixed else f"{self.minimum:g} to {self.maximum:g}"


@frozen
class Ranges:
    """Each amount by itself; what is None can't be chosen and is left to the provider."""

    cpu: Range | None = None
    """Virtual processors; parts of one are possible."""
    memory: Range | None = None
    """GiB."""
    gpu: Range | None = None
    """Whole GPUs."""
    gpu_kinds: tuple[str, ...] = ()
    """What kinds of GPU can be chosen; the first is the default."""

    @property
    def keys(self) -> tuple[str, ...]:
        """What a request may name."""
        kind = ("gpu_kind",) if self.gpu_kinds else ()
        return tuple(name for name in NUMBERS if getattr(self, name) is not None) + kind

    def choose(self, asked: Mapping[str, object]) -> Hardware:
        """The hardware that is asked for, defaults elsewhere; raises a Refusal."""
        refused = _unknown(asked, self.keys)
        cpu = refused.attempt(_amount, "cpu", self.cpu, asked)
        memory = refused.attempt(_amount, "memory", self.memory, asked)
        gpu = refused.attempt(_count, "gpu", self.gpu, asked)
        kind = refused.attempt(self._kind, gpu, asked)
        refused.settle()
        return Hardware(cpu, memory, gpu, kind)

    def _kind(self, gpus: int | None, asked: Mapping[str, object]) -> str | None:
        if "gpu_kind" not in asked:
            return self.gpu_kinds[0] if self.gpu_kinds and gpus != 0 else None
        kind = asked["gpu_kind"]
        if not isinstance(kind, str):
            raise BadType("hardware.gpu_kind", kind, "text")
        if gpus == 0:
            raise HardwareOutOfRange("hardware.gpu_kind", kind, "a kind only together with a GPU")
        if kind not in self.gpu_kinds:
            raise HardwareOutOfRange("hardware.gpu_kind", kind, listed(self.gpu_kinds))
        return kind


def _unknown(asked: Mapping[str, object], known: tuple[str, ...]) -> Gathered:
    refused = Gathered()
    refused.add(UnknownKey("hardware", key, known) for key in asked if key not in known)
    return refused


def _amount(name: str, allowed: Range | None, asked: Mapping[str, object]) -> float | None:
    if allowed is None:
        return None
    if name not in asked:
        return float(allowed.default)
    number = as_number(asked[name])
    if number is None:
        raise BadType(f"hardware.{name}", asked[name], "a number")
    return float(_within(name, allowed, number))


def _count(name: str, allowed: Range | None, asked: Mapping[str, object]) -> int | None:
    if allowed is None:
        return None
    if name not in asked:
        return int(allowed.default)
    number = as_whole(asked[name])
    if number is None:
        raise BadType(f"hardware.{name}", asked[name], "a whole number")
    return int(_within(name, allowed, number))


def _within(name: str, allowed: Range, number: int | float) -> int | float:
    if not allowed.minimum <= number <= allowed.maximum:
        raise HardwareOutOfRange(f"hardware.{name}", number, str(allowed))
    return number


@frozen
class Flavor:
    """A named size."""

    name: str
    hardware: Hardware
    description: str = ""


@frozen
class Flavors:
    """Named sizes, chosen with `{"flavor": NAME}`; the first one unless `default` names another."""

    flavors: tuple[Flavor, ...]
    default: str = field()

    @default.default
    def _first(self) -> str:
        return self.flavors[0].name

    def __attrs_post_init__(self) -> None:
        if self.default not in self.names:
            raise ValueError("the default must be one of the flavors")

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the flavors, in the order of the file."""
        return tuple(flavor.name for flavor in self.flavors)

    @property
    def keys(self) -> tuple[str, ...]:
        """What a request may name."""
        return ("flavor",)

    def choose(self, asked: Mapping[str, object]) -> Hardware:
        """The hardware of the flavor that is asked for, or of the default; raises a Refusal."""
        refused = _unknown(asked, self.keys)
        found = refused.attempt(self._named, asked.get("flavor", self.default))
        refused.settle()
        return cast("Hardware", found)

    def _named(self, name: object) -> Hardware:
        if not isinstance(name, str):
            raise BadType("hardware.flavor", name, "text")
        for flavor in self.flavors:
            if flavor.name == name:
                return flavor.hardware
        raise UnknownFlavor("hardware.flavor", name, listed(self.names))
