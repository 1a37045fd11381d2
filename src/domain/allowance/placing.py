"""Which machine of a pool a resource is put on."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from attrs import frozen

from ..amounts import rooms
from ..values import Amount, Hardware
from .refusals import NoMachineFits, NoMachineUsable, PoolFull
from .state import Allowance


@frozen
class Member:
    """One machine of a pool, and what it can be asked for."""

    name: str
    """Letters, digits, `.`, `_` and `-`."""
    limits: tuple[Amount, ...]
    """What its sessions may hold together: `sessions`, `cpu`, `memory` (GiB), `gpu`."""
    gpu_kind: str | None = None
    """Of all its GPUs; None where nobody says."""
    labels: tuple[tuple[str, str], ...] = ()
    """What else is known of it, as (name, value)."""


def stream_of(pool: str, member: str) -> str:
    """The allowance of one machine of a pool."""
    return f"pool:{pool}/{member}"


def member_of(pool: str, streams: Iterable[str]) -> str | None:
    """The machine of a pool whose allowance is among some; None if none is."""
    before = stream_of(pool, "")
    return next((stream.removeprefix(before) for stream in streams if stream.startswith(before)), None)


def fitting(
    members: Iterable[Member],
    hardware: Hardware,
    amounts: Sequence[Amount],
    labels: Iterable[tuple[str, str]],
) -> tuple[Member, ...]:
    """The machines that could give this when empty; raises NoMachineFits if there is none."""
    wanted = frozenset(labels)
    found = tuple(m for m in members if wanted <= frozenset(m.labels) and _could_give(m, hardware, amounts))
    if not found:
        raise NoMachineFits
    return found


def place(
    members: Sequence[Member],
    amounts: Sequence[Amount],
    allowances: Mapping[str, Allowance],
    out_of_order: Collection[str],
    doubtful: Collection[str] = (),
) -> Member:
    """The machine in order that is least used for its size, the first of equals; a doubtful one at the last.

    `allowances` by the names of the machines. Raises PoolFull, or NoMachineUsable where none is in order.
    """
    in_order = [member for member in members if member.name not in out_of_order]
    if not in_order:
        raise NoMachineUsable(len(members))
    taken = {member.name: allowances.get(member.name, Allowance()) for member in in_order}
    free = [member for member in in_order if _short_of(member, amounts, taken[member.name]) is None]
    if not free:
        raise min(
            (_full(member, amounts, taken[member.name]) for member in in_order),
            key=lambda full: full.wanted.quantity - full.free,
        )
    return min(free, key=lambda member: (member.name in doubtful, _share(member, taken[member.name])))


def _could_give(member: Member, hardware: Hardware, amounts: Sequence[Amount]) -> bool:
    kind = hardware.gpu_kind
    right_kind = not hardware.gpu or kind is None or kind == member.gpu_kind
    return right_kind and _short_of(member, amounts, Allowance()) is None


def _short_of(member: Member, amounts: Sequence[Amount], taken: Allowance) -> tuple[Amount, float] | None:
    """The first amount that is not left, with what is left of it."""
    limits = {limit.of: limit.quantity for limit in member.limits}
    for wanted in amounts:
        left = limits.get(wanted.of, 0.0 if wanted.of == "gpu" else wanted.quantity)
        left -= taken.used(wanted.of) if wanted.of in limits else 0.0
        if not rooms(wanted, left):
            return wanted, left
    return None


def _full(member: Member, amounts: Sequence[Amount], taken: Allowance) -> PoolFull:
    short = _short_of(member, amounts, taken)
    if short is None:
        raise AssertionError(f"{member.name} is not full")
    return PoolFull(*short)


def _share(member: Member, taken: Allowance) -> float:
    shares = (taken.used(limit.of) / limit.quantity for limit in member.limits if limit.quantity)
    return max(shares, default=0.0)
