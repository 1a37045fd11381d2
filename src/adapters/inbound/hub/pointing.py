"""Which session a server has, or had last: all that the hub keeps of it."""

import asyncio
from collections.abc import Mapping
from typing import Any


class Pointing:
    """Part of the outer spawner; stands before the hub's Spawner among its bases."""

    cancelling: asyncio.Task[None] | None = None
    """What calls the start off, once somebody asked for that."""
    was_called_off = False
    """Whether somebody called the last start off; until the next one begins."""
    _session: str | None = None
    _last: str | None = None
    _is_called_off = False

    @property
    def last_session(self) -> str | None:
        """Id of the session that there is, else of the last one; None where the last start had none."""
        return self._session or self._last

    def call_off(self) -> None:
        """Have the hub know, also after its restart, that it was called off."""
        self._is_called_off = True

    def load_state(self: Any, state: Mapping[str, Any]) -> None:
        """Point to the session again; all else is in the event log."""
        super().load_state(state)  # type: ignore[misc]
        self._session, self._last = state.get("session"), state.get("last")
        self.was_called_off = bool(state.get("called_off"))

    def get_state(self: Any) -> dict[str, Any]:
        """Pointers: no secrets, no inner state."""
        state: dict[str, Any] = super().get_state()  # type: ignore[misc]
        if self._session:
            return {**state, "session": self._session}
        last = {"last": self._last} if self._last else {}
        return {**state, **last, **({"called_off": True} if self.was_called_off else {})}

    def clear_state(self: Any) -> None:
        """Let go of the session; what it holds is given back whether or not we point to it.

        The hub does this before each start and after each end: what was the session is the last one then.
        """
        super().clear_state()  # type: ignore[misc]
        self._session, self._last = None, self._session
        self.was_called_off, self._is_called_off = self._is_called_off, False
