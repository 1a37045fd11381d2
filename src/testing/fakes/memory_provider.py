"""A provider in memory."""

from itertools import count
from typing import ClassVar

from attrs import evolve, field, frozen
from attrs.validators import ge, optional

from ...application.ports.provider import (
    Instance,
    InstanceState,
    InvalidSpec,
    NotFound,
    ResourceSpec,
)
from ...domain.values import Amount, Endpoint, Part

_NEXT = {InstanceState.QUEUED: InstanceState.PENDING, InstanceState.PENDING: InstanceState.RUNNING}


@frozen
class MemorySettings:
    """What can be set of a provider in memory."""

    maximum_sessions: int | None = field(default=None, validator=optional(ge(1)))
    """Sessions at once; None for no limit."""
    by_itself: bool = True
    """Whether an instance goes on by each `get`; otherwise only `advance` moves it."""


class MemoryProvider:
    """Rents out entries of a dictionary; they are queued, then pending, then running."""

    api: ClassVar[int] = 1
    allocates: ClassVar[bool] = True
    settings_class: ClassVar[type] = MemorySettings
    types: ClassVar[tuple[str, ...]] = ("virtual_machine", "container", "bare_metal")

    prefix = "memory-"
    """How its ids begin."""

    def __init__(self, settings: MemorySettings | None = None) -> None:
        self._settings = settings or MemorySettings()
        self._numbers = count(1)
        self.instances: dict[str, Instance] = {}
        """What is rented now, by id, oldest first."""
        self.calls: list[tuple[str, str]] = []
        """Each call in order: the method's name and the token, id or owner it was made for."""

    async def ensure(self, token: str, spec: ResourceSpec) -> Instance:
        """The oldest one with this token, or a new one. Raises InvalidSpec for an unknown type."""
        self._called("ensure", token)
        if spec.type not in self.types:
            raise InvalidSpec(f"no {spec.type} here")
        return next(iter(self._with(token)), None) or self._rent(token)

    async def get(self, id: str) -> Instance:  # noqa: A002 - the port's word
        """One instance, which then goes on. Raises NotFound."""
        self._called("get", id)
        if id not in self.instances:
            raise NotFound(f"no instance {id}")
        found = self.instances[id]
        if self._settings.by_itself:
            self.advance(id)
        return found

    async def find(self, token: str) -> tuple[Instance, ...]:
        """All with this token."""
        self._called("find", token)
        return self._with(token)

    async def list_owned(self, owner: str) -> tuple[Instance, ...]:
        """All of this owner."""
        self._called("list_owned", owner)
        return tuple(i for i in self.instances.values() if i.token.startswith(f"{owner}-"))

    async def destroy(self, id: str) -> None:  # noqa: A002
        """Forget one instance."""
        self._called("destroy", id)
        self.instances.pop(id, None)

    def limits(self) -> tuple[Amount, ...]:
        """The maximum of sessions, if there is one."""
        maximum = self._settings.maximum_sessions
        return () if maximum is None else (Amount("sessions", maximum),)

    def advance(self, id: str) -> Instance:  # noqa: A002
        """Move one instance a state on, as its provider would; running ones stay as they are."""
        now = self.instances[id]
        state = _NEXT.get(now.state, now.state)
        runs = state is InstanceState.RUNNING
        endpoint = (
            Endpoint(f"192.0.2.{int(id.removeprefix(self.prefix)) % 254 + 1}", 22) if runs else Endpoint()
        )
        self.instances[id] = evolve(now, state=state, endpoint=endpoint, detail=f"it is {state}")
        return self.instances[id]

    def fail(self, id: str) -> None:  # noqa: A002
        """Have one instance fail at its provider."""
        self.instances[id] = evolve(self.instances[id], state=InstanceState.FAILED, detail="it failed")

    def lose(self, id: str) -> None:  # noqa: A002
        """Have one instance vanish though nobody gave it back."""
        del self.instances[id]

    def rent_another(self, token: str) -> Instance:
        """Rent one more with a token, as a driver does that overlaps with another for a moment."""
        return self._rent(token)

    def _with(self, token: str) -> tuple[Instance, ...]:
        return tuple(i for i in self.instances.values() if i.token == token)

    def _rent(self, token: str) -> Instance:
        number = next(self._numbers)
        made = Instance(
            f"{self.prefix}{number}", token, InstanceState.QUEUED, parts=(Part("disk", f"disk-{number}"),)
        )
        self.instances[made.id] = made
        return made

    def _called(self, method: str, about: str) -> None:
        self.calls.append((method, about))
