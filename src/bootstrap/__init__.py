"""The only place that knows every room: it puts the house together."""

from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from ..adapters.outbound.claims.ofd_lock_claims import OfdLockClaims
from ..adapters.outbound.clock.system_clock import SystemClock
from ..adapters.outbound.custody.file_custody import FileCustody
from ..adapters.outbound.event_store.sqlite_event_log import SqliteEventLog
from ..adapters.outbound.ids.random_ids import RandomIds
from ..adapters.outbound.private_store.file_private_store import FilePrivateStore
from ..adapters.outbound.providers.configured import ConfiguredProviders
from ..adapters.outbound.user_names.sqlite_user_names import SqliteUserNames
from ..application.house import House, Ports
from ..application.ports.clock import Clock
from ..application.ports.configuration import Configuration
from ..application.ports.inner_spawner import InnerSpawners
from ..application.views.contexts import Contexts
from .configuration import find_provider, load_configuration
from .settings import Settings

__all__ = ["Settings", "build", "find_provider", "load_configuration", "software", "write_structured_log"]


def build(settings: Settings, spawners: InnerSpawners, *, stays: bool = True, **overrides: Any) -> House:
    """The house on the real adapters, or on those given by the names of `Ports`.

    Without `stays` it lets go of what runs, for a hub to drive.

    Blocks while it makes files and imports classes. Raises what the adapters raise when they can't be used.
    """
    directory = _private_folder(settings.directory)
    made: dict[str, Any] = {"clock": SystemClock(), "ids": RandomIds(), **overrides}
    made.setdefault("configuration", load_configuration(settings))
    makers: Mapping[str, Callable[[], Any]] = {
        **_storage(settings, directory, made["clock"]),
        "private": lambda: FilePrivateStore(directory / "private"),
        "providers": lambda: ConfiguredProviders(find_provider, _settings_in(made["configuration"])),
    }
    made |= {name: make() for name, make in makers.items() if name not in made}
    hub = settings.hub or _hub_id(directory, made["ids"].fresh)
    return House(Ports(spawners=spawners, **made), hub, stays)


def software() -> str:
    """Version of this package."""
    return version("multiplespawner")


async def write_structured_log(house: House, format_: str) -> None:
    """Have a line written for each fact from now on, as `json` or for a `console`."""
    from ..adapters.outbound.structured_log import StructuredLog

    contexts = Contexts()
    for resource in await house.resources.held():
        contexts.learn((await house.ledger.world(resource)).world)
    lines = StructuredLog(format_, contexts)
    lines.take_troubles()
    house.ports.log.subscribe(lines.tell)


def _storage(settings: Settings, directory: Path, clock: Clock) -> Mapping[str, Callable[[], Any]]:
    """What makes the log, claims and names: in a PostgreSQL database, or in files."""
    url = settings.event_log
    if url.startswith(("postgresql:", "postgres:")):
        from ..adapters.outbound.claims.postgres_advisory_claims import PostgresAdvisoryClaims
        from ..adapters.outbound.custody.postgres_custody import PostgresCustody
        from ..adapters.outbound.event_store.postgres_event_log import PostgresEventLog
        from ..adapters.outbound.postgres import PostgresAddress
        from ..adapters.outbound.user_names.postgres_user_names import PostgresUserNames

        address = PostgresAddress.parse(url)
        return {
            "log": lambda: PostgresEventLog(address, clock, software()),
            "claims": lambda: PostgresAdvisoryClaims(address),
            "custody": lambda: PostgresCustody(address),
            "names": lambda: PostgresUserNames(address),
        }
    log = Path(url).expanduser() if url else directory / "events.sqlite"
    return {
        "log": lambda: SqliteEventLog(log, clock, software()),
        "claims": lambda: OfdLockClaims(log.with_name("claims.lock")),
        "custody": lambda: FileCustody(log.with_name("custody.json"), log),
        "names": lambda: SqliteUserNames(log.with_name("names.sqlite")),
    }


def _private_folder(path: Path) -> Path:
    """The folder, made if there is none, so that only its owner may enter."""
    folder = path.expanduser()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _settings_in(configuration: Configuration) -> Mapping[str, Mapping[str, Any]]:
    recipes = (configuration.recipe(offer.id) for offer in configuration.offers)
    return {recipe.offer.provider: recipe.provider_settings for recipe in recipes if recipe is not None}


def _hub_id(directory: Path, fresh: Callable[[], str]) -> str:
    file = directory / "hub_id"
    try:
        with file.open("x") as new:
            new.write(fresh())
    except FileExistsError:
        pass
    return file.read_text().strip()
