"""Users as people say them: by name if it is known and may be read, else by the hub's id."""

import typer
from attrs import define, field

from ....application.ports.user_names import UserNames, UserNamesUnavailable
from .finding import NotFound
from .report import clean


@define
class People:
    """Looks names up, each once; says so once if they can't be read."""

    names: UserNames
    _unreadable: bool = field(default=False, init=False)
    _known: dict[tuple[str, int], str | None] = field(factory=dict, init=False)

    async def name(self, hub: str | None, user: int | None) -> str | None:
        """The user's name; None if it isn't known, was erased or may not be read."""
        if hub is None or user is None:
            return None
        if (hub, user) not in self._known:
            self._known[hub, user] = await self._look(hub, user)
        return self._known[hub, user]

    async def called(self, hub: str | None, user: int | None) -> str:
        """The user's name, else the id; empty where there is no user."""
        return await self.name(hub, user) or ("" if user is None else str(user))

    async def meant(self, said: str) -> frozenset[tuple[str | None, int]]:
        """Whom a name means, else an id (of any hub). Raises NotFound, UserNamesUnavailable."""
        is_id = said.isascii() and said.isdigit()
        try:
            found = await self.names.find(said)
        except UserNamesUnavailable:
            if not is_id:
                raise
            found = ()
        if found:
            return frozenset(found)
        if is_id:
            return frozenset({(None, int(said))})
        raise NotFound(f"nobody called {said} is known here; the hub's user id works too")

    async def _look(self, hub: str, user: int) -> str | None:
        if self._unreadable:
            return None
        try:
            return await self.names.name(hub, user)
        except UserNamesUnavailable as error:
            self._unreadable = True
            typer.echo(clean(f"Users are told by their ids: {error}."), err=True)
            return None
