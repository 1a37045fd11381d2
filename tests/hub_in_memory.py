"""A hub's user with its database in memory, and the smallest outer spawner."""

from typing import Any

from jupyterhub import orm
from jupyterhub.objects import Hub, Server
from jupyterhub.spawner import Spawner
from jupyterhub.user import User
from traitlets.config import Config

from multiplespawner.adapters.outbound.inner_spawners.outer_settings import OuterSettings


class StandInOuter(Spawner):
    """The outer spawner as far as the inner one sees it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._settings = OuterSettings(self, given=kwargs)

    async def start(self) -> None:
        """Never called."""

    async def stop(self, now: bool = False) -> None:
        """Never called."""

    async def poll(self) -> int:
        """Nothing ever runs."""
        return 0


class AnyInner(Spawner):
    """An inner spawner that runs nothing, to be changed by tests."""

    async def start(self) -> Any:
        """Tell where nothing runs."""
        return ("127.0.0.1", 8888)

    async def stop(self) -> None:
        """Has no `now`, as some spawners."""

    async def poll(self) -> Any:
        """Say that it runs."""
        return None


def hub_user(name: str = "alice", config: Config | None = None, **settings: Any) -> User:
    """Return a user of a hub whose database lives in memory as long as the user does."""
    db = orm.new_session_factory("sqlite:///:memory:")()
    orm_user = orm.User(name=name)
    db.add(orm_user)
    db.commit()
    given = {"hub": Hub(), "config": config, "cookie_options": {"secure": True}, "internal_ssl": False}
    return User(orm_user, {**given, **settings})


def prepared(user: User, spawner_class: type[Spawner], server_name: str = "", **kwargs: Any) -> Spawner:
    """Return a spawner as the hub has it just before it calls `start`."""
    if server_name not in user.orm_user.orm_spawners:
        user._new_orm_spawner(server_name, server_name)
    spawner = user._new_spawner(server_name, spawner_class=spawner_class, **kwargs)
    server = orm.Server(base_url=user.server_url(server_name))
    user.db.add(server)
    user.db.commit()
    spawner.server = Server(orm_server=server)
    spawner.clear_state()
    spawner.api_token = "token-of-the-hub"
    spawner.admin_access = True
    return spawner


def outer_of(user: User, **kwargs: Any) -> StandInOuter:
    """Return the outer spawner of the user's default server, just before `start`."""
    spawner = prepared(user, StandInOuter, **kwargs)
    assert isinstance(spawner, StandInOuter)
    return spawner
