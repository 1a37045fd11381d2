"""Points at which a process can be killed: before and after each call of a port that may change something."""

from collections import Counter
from collections.abc import Callable
from inspect import iscoroutinefunction
from typing import Any, NoReturn

from attrs import define, evolve, field

from ..application.house import Ports
from ..application.ports.event_log import Record
from ..application.ports.keeps_applied import KeepsApplied
from ..application.ports.provider import Pooled


@define(eq=False)
class KillPoints:
    """Names the points of a run as it comes to them, and dies at one.

    A point is `before private.put 2`: the word, the port and its method, which time it comes to it. For an
    append, `after` is when it is durable and nobody has been told.
    """

    die: Callable[[], NoReturn]
    """Ends the process, or behaves as if; called again for each call after the end."""
    fatal: str | None = None
    """The point to die at; None to come through."""
    tell: Callable[[str], None] = lambda point: None
    """Called with each point as it is reached, the fatal one too."""
    is_counting: bool = True
    """Points are neither named nor fatal while it is false."""
    _times: Counter[str] = field(factory=Counter, init=False)
    is_over: bool = field(default=False, init=False)
    """Whether it has died."""

    def begin(self, fatal: str | None) -> None:
        """Count from now on, from 1."""
        self.is_counting, self.fatal = True, fatal
        self._times.clear()

    def end(self) -> None:
        """Die at whatever call comes next."""
        self.is_over = True

    def reach(self, place: str) -> None:
        """Be at `before private.put`, say."""
        if self.is_counting and not self.is_over:
            self._times[place] += 1
            point = f"{place} {self._times[place]}"
            self.tell(point)
            self.is_over = point == self.fatal
        if self.is_over:
            self.die()


class _Watched:
    """Stands in front of a port: its coroutine methods named here have a point before and one after."""

    def __init__(self, port: Any, name: str, methods: tuple[str, ...], points: KillPoints) -> None:
        self._port = port
        self._name = name
        self._methods = methods
        self._points = points

    def __getattr__(self, attribute: str) -> Any:
        value = getattr(self._port, attribute)
        if attribute not in self._methods or not iscoroutinefunction(value):
            return value
        place = f"{self._name}.{attribute}"

        async def call(*args: Any, **kwargs: Any) -> Any:
            self._points.reach(f"before {place}")
            result = await value(*args, **kwargs)
            self._points.reach(f"after {place}")
            return result

        return call


class _WatchedLog(_Watched):
    """After an append comes before anybody is told of it."""

    def __init__(self, log: Any, points: KillPoints, *, reads: bool) -> None:
        super().__init__(log, "log", ("read", "read_all", "heads") if reads else (), points)
        log.subscribe(self._appended)

    async def append(self, *args: Any) -> Any:
        self._points.reach("before log.append")
        return await self._port.append(*args)

    def _appended(self, records: tuple[Record, ...]) -> None:
        self._points.reach("after log.append")


_PROVIDER = ("ensure", "get", "find", "list_owned", "destroy")


class _WatchedProviders(_Watched):
    """Its providers are watched."""

    def provider(self, name: str) -> Any:
        provider = self._port.provider(name)
        kind = _WatchedPool if isinstance(provider, Pooled) else _Watched
        return kind(provider, "provider", _PROVIDER, self._points)


class _WatchedKeeper(_Watched):
    """A machine that remembers how it is set up."""

    async def keep_applied(self, *args: Any) -> None:
        self._points.reach("before provider.keep_applied")
        await self._port.keep_applied(*args)
        self._points.reach("after provider.keep_applied")

    async def forget_applied(self, *args: Any) -> None:
        self._points.reach("before provider.forget_applied")
        await self._port.forget_applied(*args)
        self._points.reach("after provider.forget_applied")


class _WatchedPool(_Watched):
    """Its machines are watched."""

    def members(self) -> Any:
        return self._port.members()

    def member(self, name: str) -> Any:
        machine = self._port.member(name)
        kind = _WatchedKeeper if isinstance(machine, KeepsApplied) else _Watched
        return kind(machine, "provider", _PROVIDER, self._points)

    async def out_of_order(self, names: Any) -> Any:
        return await self._port.out_of_order(names)


class _WatchedAuthenticators(_Watched):
    """Its authenticators are watched."""

    def authenticator(self, *args: Any) -> Any:
        methods = ("prepare", "renew", "withdraw")
        return _Watched(self._port.authenticator(*args), "authenticator", methods, self._points)


class _WatchedConfigurers(_Watched):
    """Its configurers are watched."""

    def configurer(self, *args: Any) -> Any:
        return _WatchedConfigurer(self._port.configurer(*args), "configurer", ("check",), self._points)


class _WatchedConfigurer(_Watched):
    """Each task of it has a point before it is told."""

    async def apply(self, *args: Any) -> Any:
        self._points.reach("before configurer.apply")
        async for task in self._port.apply(*args):
            self._points.reach("at configurer.task")
            yield task
        self._points.reach("after configurer.apply")


class _WatchedSpawners(_Watched):
    """Its inner spawners are watched."""

    def of(self, session: str) -> Any:
        return self._watch(self._port.of(session))

    async def rebuild(self, *args: Any) -> Any:
        self._points.reach("before spawners.rebuild")
        inner = await self._port.rebuild(*args)
        self._points.reach("after spawners.rebuild")
        return self._watch(inner)

    def _watch(self, inner: Any) -> Any:
        if inner is None:
            return None
        return _Watched(inner, "spawner", ("equip", "start", "poll", "stop"), self._points)


def in_front_of(ports: Ports, points: KillPoints, *, reads: bool = False) -> Ports:
    """The ports with points at their calls.

    `reads`: whether reading the log has points too, though nothing that lasts differs before and after it.
    """
    return evolve(
        ports,
        log=_WatchedLog(ports.log, points, reads=reads),
        claims=_Watched(ports.claims, "claims", ("take", "give_back"), points),
        custody=_Watched(ports.custody, "custody", ("doubt", "saw"), points),
        private=_Watched(ports.private, "private", ("put", "get", "keys", "forget"), points),
        providers=_WatchedProviders(ports.providers, "providers", (), points),
        authenticators=_WatchedAuthenticators(ports.authenticators, "authenticators", (), points),
        configurers=_WatchedConfigurers(ports.configurers, "configurers", (), points),
        spawners=_WatchedSpawners(ports.spawners, "spawners", (), points),
    )
