"""Whom our handlers answer, and where they ask."""

from collections.abc import Awaitable, Callable
from functools import wraps

from jupyterhub import orm
from jupyterhub.scopes import needs_scope
from tornado.web import HTTPError

from .....application.failures import kinds
from .....application.house import House
from .....application.ports.event_log import LogDamaged, LogUnavailable
from .....domain.refusals import Refusal
from ..houses import house_of
from ..spawner import MultipleSpawner
from .refusing import TellsWhy, refused

Method = Callable[..., Awaitable[None]]


class OwnHandler(TellsWhy):
    """Answers the signed-in user about what is theirs."""

    def options(self, *args: str) -> None:
        """Tell what it answers to."""
        self.set_header("Allow", ", ".join(self.methods))
        self.finish()

    async def house(self) -> House:
        """The house of the user's servers. Raises HTTPError where there is none."""
        spawner = self.current_user.spawner
        if not isinstance(spawner, MultipleSpawner):
            raise HTTPError(404, "Servers of this hub are started by another spawner.")
        try:
            return await house_of(spawner)
        except Exception as error:
            raise self.unavailable(error) from error

    def unavailable(self, error: Exception) -> HTTPError:
        """What to raise for an error of ours, which is told in the hub's log."""
        self.log.error("MultipleSpawner can't answer: %s", kinds(error))
        return HTTPError(503, "This can't be told now. Try again; the log of the hub says what is wrong.")


def for_own_user(scope: str) -> Callable[[Method], Method]:
    """Have a method answer whoever may do `scope` for themselves; its refusals are told with status 400."""

    def decorate(method: Method) -> Method:
        # two stages: the hub finds the user, whose scope it looks for, by the name of the argument
        @needs_scope(scope)  # type: ignore[untyped-decorator]
        async def allowed(self: OwnHandler, user_name: str, *args: str) -> None:
            try:
                await method(self, *args)
            except Refusal as refusal:
                raise refused(refusal) from refusal
            except (LogUnavailable, LogDamaged) as error:
                raise self.unavailable(error) from error

        @wraps(method)
        async def asked(self: OwnHandler, *args: str) -> None:
            if isinstance(self.current_user, orm.Service):
                raise HTTPError(403, "This is answered to users only: use a token of a user.")
            name = self.current_user.name if self.current_user else ""
            await allowed(self, name, *args)

        return asked

    return decorate
