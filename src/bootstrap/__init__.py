"""The only place that knows every room: it puts the house together."""

import logging
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from ..adapters.outbound.claims.ofd_lock_claims import OfdLockClaims
from ..adapters.outbound.clock.system_clock import SystemClock
from ..adapters.outbound.components import Components
from ..adapters.outbound.custody.file_custody import FileCustody
from ..adapters.outbound.event_store.sqlite_event_log import SqliteEventLog
from ..adapters.outbound.ids.random_ids import RandomIds
from ..adapters.outbound.plugins import AUTHENTICATORS, CONFIGURERS, Plugins
from ..adapters.outbound.private_store.file_private_store import FilePrivateStore
from ..adapters.outbound.providers.configured import ConfiguredProviders
from ..adapters.outbound.user_names.sqlite_user_names import SqliteUserNames
from ..application.failures import kinds
from ..application.house import House, Ports
from ..application.ports.clock import Clock
from ..application.ports.event_log import LogDamaged
from ..application.ports.inner_spawner import InnerSpawners
from ..application.views.contexts import Contexts
from ..application.waiting import tell_waits
from .configuration import (
    find_provider,
    load_configuration,
    reloading_configurations,
    settings_in,
    structured_settings,
)
from .hub_id import HubIdUnusable, hub_id, kept_hub_id
from .settings import Settings

__all__ = [
    "HubIdUnusable",
    "Settings",
    "build",
    "find_provider",
    "kept_hub_id",
    "load_configuration",
    "reloading_configurations",
    "software",
    "write_structured_log",
]

_logger = logging.getLogger("multiplespawner.logging")


def build(settings: Settings, spawners: InnerSpawners, *, stays: bool = True, **overrides: Any) -> House:
    """The house on the real adapters, or on those given by the names of `Ports`.

    Without `stays` it lets go of what runs, for a hub to drive.

    Blocks while it makes files and imports classes. Raises what the adapters raise when they can't be used.
    """
    tell_waits()
    directory = _private_folder(settings.directory)
    made: dict[str, Any] = {"clock": SystemClock(), "ids": RandomIds(), **overrides}
    if "configurations" not in made:
        made["configurations"] = reloading_configurations(settings)
    components = Components(
        Plugins(AUTHENTICATORS).load, Plugins(CONFIGURERS).load, structured_settings, directory
    )
    hub = settings.hub if settings.hub != "" else hub_id(directory, made["ids"].fresh)
    makers: Mapping[str, Callable[[], Any]] = {
        "private": lambda: FilePrivateStore(directory / "private"),
        "providers": lambda: ConfiguredProviders(
            find_provider, settings_in(made["configurations"]), structured_settings, directory
        ),
        "authenticators": lambda: components,
        "configurers": lambda: components,
        **_storage(settings, made["clock"]),
    }
    made |= {name: make() for name, make in makers.items() if name not in made}
    return House(Ports(spawners=spawners, **made), hub, stays)


def software() -> str:
    """Version of this package."""
    return version("multiplespawner")


async def write_structured_log(house: House, format_: str) -> None:
    """Have a line written for each fact from now on, as `json` or for a `console`.

    What can't be read now is told without its context.
    """
    from ..adapters.outbound.structured_log import StructuredLog

    contexts = Contexts()
    lines = StructuredLog(format_, contexts)
    lines.take_troubles()
    try:
        for resource in await house.resources.held():
            await _learn(contexts, house, resource)
    except Exception as error:
        _logger.warning("What is open is not known to the log of facts: %s", kinds(error))
    house.ports.log.subscribe(lines.tell)


async def _learn(contexts: Contexts, house: House, resource: str) -> None:
    try:
        contexts.learn((await house.ledger.world(resource)).world)
    except LogDamaged as error:
        _logger.warning("Resource %s is not known to the log of facts: %s", resource, kinds(error))


def _storage(settings: Settings, clock: Clock) -> Mapping[str, Callable[[], Any]]:
    """What makes the log, claims and names: in a PostgreSQL database, or in files.

    The log is last: it is what has to be closed, should another not be made.
    """
    log = settings.log_file
    if log is None:
        from ..adapters.outbound.claims.postgres_advisory_claims import PostgresAdvisoryClaims
        from ..adapters.outbound.custody.postgres_custody import PostgresCustody
        from ..adapters.outbound.event_store.postgres_event_log import PostgresEventLog
        from ..adapters.outbound.postgres import PostgresAddress
        from ..adapters.outbound.user_names.postgres_user_names import PostgresUserNames

        address = PostgresAddress.parse(settings.event_log)
        return {
            "claims": lambda: PostgresAdvisoryClaims(address),
            "custody": lambda: PostgresCustody(address),
            "names": lambda: PostgresUserNames(address),
            "log": lambda: PostgresEventLog(address, clock, software()),
        }
    return {
        "claims": lambda: OfdLockClaims(log.with_name("claims.lock")),
        "custody": lambda: FileCustody(log.with_name("custody.json"), log),
        "names": lambda: SqliteUserNames(log.with_name("names.sqlite")),
        "log": lambda: SqliteEventLog(log, clock, software()),
    }


def _private_folder(path: Path) -> Path:
    """The folder, made if there is none, so that only its owner may enter."""
    folder = path.expanduser()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
