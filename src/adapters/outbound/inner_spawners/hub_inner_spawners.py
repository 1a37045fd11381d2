"""The inner spawners that this process holds, by session."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from attrs import define, field

from ....application.ports.inner_spawner import NOTHING_KNOWN, Equipment, InnerSpawner

Rebuild = Callable[[str, Mapping[str, Any]], Awaitable[InnerSpawner | None]]
"""Makes a session's inner spawner from its document; whoever gives it finds the user's outer spawner."""

IsExpected = Callable[[str, Mapping[str, Any]], bool]
"""Tells whether the hub still points to a session, by its document."""


@define(eq=False)
class HubInnerSpawners:
    """Holds each session's inner spawner; satisfies the port InnerSpawners."""

    _rebuild: Rebuild = field(repr=False)
    _is_expected: IsExpected = field(repr=False)
    _held: dict[str, InnerSpawner] = field(factory=dict, init=False, repr=False)

    def hold(self, session: str, inner: InnerSpawner) -> None:
        """Hold a session's inner spawner from now on, in place of what was held."""
        self._held[session] = inner

    def of(self, session: str) -> InnerSpawner | None:
        """The one held for a session; None if there is none."""
        return self._held.get(session)

    async def rebuild(
        self, session: str, document: Mapping[str, Any], equipment: Equipment = NOTHING_KNOWN
    ) -> InnerSpawner | None:
        """The one held, else one made from the document and held; None where it can't be made here."""
        if session not in self._held:
            made = await self._rebuild(session, document)
            if made is not None:
                await made.equip(equipment)
                self._held.setdefault(session, made)
        return self._held.get(session)

    async def is_expected(self, session: str, document: Mapping[str, Any]) -> bool:
        """Whether the hub still points to the session."""
        return self._is_expected(session, document)

    def let_go(self, session: str) -> None:
        """Hold the session's no longer; safe to repeat."""
        self._held.pop(session, None)
