"""A server's remembered choice: the last request that was made for it and not refused."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from traitlets import HasTraits, observe

from ....application.house import House
from ....domain.offers import choose
from ....domain.refusals import Refusal
from .choosing import groups_of
from .in_force import in_force


class Remembering(HasTraits):
    """Part of the outer spawner; the hub's row of the server is where the choice is kept."""

    _remembered: Mapping[str, Any] | None = None

    @property
    def remembered(self) -> Mapping[str, Any]:
        """The request that was started last, `{}` for none; also after the hub wrote an empty one over it."""
        return deepcopy(dict(self._remembered or {}))

    @observe("orm_spawner", "handler")
    def _look_at_the_row(self, _change: object = None) -> None:
        # a start sets the handler and then writes what was asked into the row, also an empty request
        row = self._row()
        if row is not None and row.user_options:
            self._remembered = deepcopy(row.user_options)

    def remember(self: Any, request: Mapping[str, Any]) -> None:
        """Have this request as the choice, and, where nothing was asked for, as what was asked."""
        if request != self.user_options:
            self.user_options = deepcopy(dict(request))
            self._write(request)
        self._look_at_the_row()

    def keep_remembered(self) -> None:
        """Put the remembered choice back into the row: what was asked for instead is refused."""
        self._write(self.remembered)

    def _write(self, request: Mapping[str, Any]) -> None:
        row = self._row()
        if row is not None and row.user_options != request:
            row.user_options = deepcopy(dict(request))

    def _row(self) -> Any:
        return getattr(self, "orm_spawner", None)


async def asked_of(spawner: Any, house: House) -> Mapping[str, Any]:
    """What is to be started: the request, or what is remembered where that says nothing and it is allowed."""
    asked: Mapping[str, Any] = spawner.user_options
    before: Mapping[str, Any] = spawner.remembered
    if asked or not before:
        return asked
    user, configuration = spawner.user, await in_force(house)
    try:
        choose(before, None, configuration.offers, user.name, groups_of(user))
    except Refusal:
        return asked
    return before
