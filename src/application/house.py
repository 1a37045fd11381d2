"""The house: the use cases on one set of ports."""

from attrs import field, frozen

from .adopting import Adopting
from .coming import Coming
from .doings import Doings
from .doubts import Doubts
from .driver import Driver
from .ledger import Ledger
from .leftovers import Leftovers
from .performing import Configuring, Entering, Performer
from .ports.authenticator import Authenticators
from .ports.claims import Claims
from .ports.clock import Clock
from .ports.configuration import Configurations
from .ports.configurer import Configurers
from .ports.custody import Custody
from .ports.event_log import EventLog, Origin
from .ports.ids import Ids
from .ports.inner_spawner import InnerSpawner, InnerSpawners
from .ports.private_store import PrivateStore
from .ports.providers import Providers
from .ports.user_names import UserNames
from .trust import Trust
from .use_cases.poll_left_over import PollLeftOver
from .use_cases.poll_session import GRACE, PollSession
from .use_cases.reconcile import Reconcile
from .use_cases.record_configuration import RecordConfiguration
from .use_cases.refresh_configuration import RefreshConfiguration
from .use_cases.start_session import StartSession
from .use_cases.stop_session import StopSession
from .views.availability import Availabilities
from .views.expected import Expected
from .views.open_resources import OpenResources
from .views.own_sessions import OwnSessions
from .watching import Watching


@frozen(kw_only=True)
class Ports:
    """What the application asks of the outside world."""

    log: EventLog
    claims: Claims
    custody: Custody
    private: PrivateStore
    names: UserNames
    clock: Clock
    ids: Ids
    configurations: Configurations
    providers: Providers
    authenticators: Authenticators
    configurers: Configurers
    spawners: InnerSpawners


@frozen
class House:
    """All use cases, on one set of ports."""

    ports: Ports
    hub: str | None
    """Whose sessions are driven here; None for those of all hubs."""
    stays: bool = True
    """Whether a resource's claim is held as long as it is open, or only while there is something to do."""
    trust: Trust = field(init=False)
    resources: OpenResources = field(init=False)
    expected: Expected = field(init=False)
    availabilities: Availabilities = field(init=False)
    own_sessions: OwnSessions = field(init=False)
    doings: Doings = field(factory=Doings, init=False)
    doubts: Doubts = field(init=False)
    ledger: Ledger = field(init=False)
    performer: Performer = field(init=False)
    adopting: Adopting = field(init=False)
    driver: Driver = field(init=False)
    watching: Watching = field(init=False)
    stop: StopSession = field(init=False)
    start: StartSession = field(init=False)
    poll: PollSession = field(init=False)
    poll_left_over: PollLeftOver = field(init=False)
    reconcile: Reconcile = field(init=False)
    record_configuration: RecordConfiguration = field(init=False)
    refresh_configuration: RefreshConfiguration = field(init=False)

    @trust.default
    def _trust(self) -> Trust:
        return Trust(self.ports.log, self.ports.custody)

    @resources.default
    def _resources(self) -> OpenResources:
        return OpenResources(self.ports.log)

    @expected.default
    def _expected(self) -> Expected:
        return Expected(self.ports.log)

    @availabilities.default
    def _availabilities(self) -> Availabilities:
        return Availabilities(self.ports.log, self.ports.providers, self.ports.clock)

    @own_sessions.default
    def _own_sessions(self) -> OwnSessions:
        return OwnSessions(self.ports.log)

    @doubts.default
    def _doubts(self) -> Doubts:
        return Doubts(self.ports.clock)

    @ledger.default
    def _ledger(self) -> Ledger:
        return Ledger(self.ports.log)

    @performer.default
    def _performer(self) -> Performer:
        p = self.ports
        entering = Entering(p.authenticators, p.private)
        configuring = Configuring(p.configurers, entering, p.private, p.ids, self.doings, p.clock)
        calls = (p.providers, p.spawners, p.private, p.clock, entering, configuring)
        return Performer(self.ledger, *calls, self.doubts, Origin("driver"))

    @adopting.default
    def _adopting(self) -> Adopting:
        p = self.ports
        return Adopting(self.ledger, self.performer, p.spawners, p.private, Origin("driver"))

    @driver.default
    def _driver(self) -> Driver:
        p = self.ports
        ports = (p.claims, self.trust, p.clock, Origin("driver"))
        return Driver(self.ledger, self.performer, self.adopting, *ports, stays=self.stays)

    @watching.default
    def _watching(self) -> Watching:
        return Watching(self.ports.log, self.ledger)

    @stop.default
    def _stop(self) -> StopSession:
        return StopSession(self.ledger, self.driver, self.watching)

    @start.default
    def _start(self) -> StartSession:
        p = self.ports
        ports = (Coming(p.claims), p.private, p.names, p.providers, p.ids, p.clock)
        return StartSession(
            self.trust, self.ledger, self.driver, self.watching, self.doubts, *ports, self.stop
        )

    @poll.default
    def _poll(self) -> PollSession:
        return PollSession(self.ledger, self.driver, self.performer, self.ports.clock, GRACE)

    @poll_left_over.default
    def _poll_left_over(self) -> PollLeftOver:
        return PollLeftOver(self.ledger, self.watching, self.poll)

    @reconcile.default
    def _reconcile(self) -> Reconcile:
        p = self.ports
        return Reconcile(
            log=p.log,
            trust=self.trust,
            ledger=self.ledger,
            driver=self.driver,
            resources=self.resources,
            leftovers=Leftovers(p.log, p.private, self.driver, self.start.coming),
            providers=p.providers,
            hub=self.hub,
        )

    @record_configuration.default
    def _record_configuration(self) -> RecordConfiguration:
        return RecordConfiguration(self.ports.log, self.ports.configurations, self.hub or "")

    @refresh_configuration.default
    def _refresh_configuration(self) -> RefreshConfiguration:
        return RefreshConfiguration(self.ports.configurations)

    async def inner(self, session_id: str) -> InnerSpawner | None:
        """The inner spawner of a session, made again if need be; None if it can't be made here."""
        session = await self.ledger.session(session_id)
        if session.resource is None or not session.is_active:
            return self.ports.spawners.of(session_id)
        known = await self.ledger.world(session.resource)
        return await self.performer.notebooks.find(known.world)

    async def close(self) -> None:
        """Let go of everything where it is; another process can take over. Safe to repeat."""
        await self.stop.close()
        await self.driver.close()
        self.watching.close()
        await self.ports.log.close()
