"""The only place that knows every room: it puts the house together."""

import os
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from attrs import field, frozen

from .adapters.outbound.claims.ofd_lock_claims import OfdLockClaims
from .adapters.outbound.clock.system_clock import SystemClock
from .adapters.outbound.config.loading import LoadedConfiguration, load
from .adapters.outbound.config.locating import locate
from .adapters.outbound.config.lookups import Lookups, NotAvailable
from .adapters.outbound.config.secret_values import resolve_secrets
from .adapters.outbound.event_store.sqlite_event_log import SqliteEventLog
from .adapters.outbound.ids.random_ids import RandomIds
from .adapters.outbound.plugins import AUTHENTICATORS, CONFIGURERS, PROVIDERS, PluginError, Plugins
from .adapters.outbound.private_store.file_private_store import FilePrivateStore
from .adapters.outbound.providers.configured import ConfiguredProviders
from .adapters.outbound.user_names.sqlite_user_names import SqliteUserNames
from .application.house import House, Ports
from .application.ports.clock import Clock
from .application.ports.configuration import Configuration
from .application.ports.inner_spawner import InnerSpawners
from .application.ports.providers import ProviderMissing
from .application.views.contexts import Contexts
from .application.views.open_resources import open_resources

PACKAGE = Path(__file__).parent
"""Where this package lies; its playbooks are below it."""


@frozen(kw_only=True)
class Settings:
    """Where things lie, as the administrator said by traits or options; empty means the default."""

    directory: Path
    event_log: str = field(default="", repr=False)
    """Path of an SQLite file or a postgresql:// URL, which may hold a password."""
    template_file: str = ""
    deployment_file: str = ""
    hub: str = ""


def build(settings: Settings, spawners: InnerSpawners, **overrides: Any) -> House:
    """The house on the real adapters, or on those given by the names of `Ports`.

    Blocks while it makes files and imports classes. Raises what the adapters raise when they can't be used.
    """
    directory = private_folder(settings.directory)
    made: dict[str, Any] = {"clock": SystemClock(), "ids": RandomIds(), **overrides}
    made.setdefault("configuration", load_configuration(settings))
    makers: Mapping[str, Callable[[], Any]] = {
        **_storage(settings, directory, made["clock"]),
        "private": lambda: FilePrivateStore(directory / "private"),
        "providers": lambda: ConfiguredProviders(find_provider, _settings_in(made["configuration"])),
    }
    made |= {name: make() for name, make in makers.items() if name not in made}
    return House(Ports(spawners=spawners, **made), settings.hub or _hub_id(directory, made["ids"].fresh))


def load_configuration(settings: Settings, environ: Mapping[str, str] | None = None) -> LoadedConfiguration:
    """Both files and what is wrong with them; never raises for what stands in them."""
    known = os.environ if environ is None else environ
    directory = settings.directory.expanduser()
    files = locate(directory, known, settings.template_file, settings.deployment_file)
    return load(*files, _lookups(), (PACKAGE / "playbooks",), known)


def find_provider(name: str) -> type:
    """A provider's class by its name. Raises ProviderMissing with what to do."""
    try:
        return Plugins(PROVIDERS).load(name)
    except PluginError as error:
        raise ProviderMissing(str(error)) from error


def private_folder(path: Path) -> Path:
    """The folder, made if there is none, so that only its owner may enter."""
    folder = path.expanduser()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def software() -> str:
    """Version of this package."""
    return version("multiplespawner")


async def write_structured_log(house: House, format_: str) -> None:
    """Have a line written for each fact from now on, as `json` or for a `console`."""
    from .adapters.outbound.structured_log import StructuredLog

    contexts = Contexts()
    for resource in await open_resources(house.ports.log):
        contexts.learn((await house.ledger.world(resource)).world)
    lines = StructuredLog(format_, contexts)
    lines.take_troubles()
    house.ports.log.subscribe(lines.tell)


def inner_spawners(rebuild: Callable[[str, Mapping[str, Any]], Any]) -> Any:
    """What holds the hub's inner spawners; `rebuild` makes one again from its document."""
    from .adapters.outbound.inner_spawners.hub_inner_spawners import HubInnerSpawners

    return HubInnerSpawners(rebuild)


def outer_settings(outer: Any, given: Mapping[str, Any]) -> Any:
    """What tells apart what was set on an outer spawner; at the end of its constructor."""
    from .adapters.outbound.inner_spawners.outer_settings import OuterSettings

    return OuterSettings(outer, given)


def inner_spawner(settings: Any, document: Mapping[str, Any], token: str, options: Any = None) -> Any:
    """The inner spawner that a document tells of, on an outer one. Raises SpawnFailed, SecretUnavailable.

    `options`: the user's own ones as they came; None for what the document has of them.
    """
    from traitlets.utils.importstring import import_item

    from .adapters.outbound.inner_spawners.answers import from_strict_json
    from .adapters.outbound.inner_spawners.child import make_child
    from .adapters.outbound.inner_spawners.hub_inner_spawner import HubInnerSpawner

    own = from_strict_json(document["user_options"]) if options is None else options
    kwargs = resolve_secrets(document["kwargs"])
    child = make_child(settings, import_item(document["class"]), kwargs, own, document.get("state"))
    return HubInnerSpawner(settings, child, own, {"MULTIPLESPAWNER_RESOURCE": token})


def stored_options(options: Mapping[str, Any]) -> dict[str, Any]:
    """A user's options as strict JSON; `inner_spawner` reads them again."""
    from .adapters.outbound.inner_spawners.answers import strict_json

    return strict_json(options)


def _storage(settings: Settings, directory: Path, clock: Clock) -> Mapping[str, Callable[[], Any]]:
    """What makes the log, claims and names: in a PostgreSQL database, or in files."""
    url = settings.event_log
    if url.startswith(("postgresql:", "postgres:")):
        from .adapters.outbound.claims.postgres_advisory_claims import PostgresAdvisoryClaims
        from .adapters.outbound.event_store.postgres_event_log import PostgresEventLog
        from .adapters.outbound.postgres import PostgresAddress
        from .adapters.outbound.user_names.postgres_user_names import PostgresUserNames

        address = PostgresAddress.parse(url)
        return {
            "log": lambda: PostgresEventLog(address, clock, software()),
            "claims": lambda: PostgresAdvisoryClaims(address),
            "names": lambda: PostgresUserNames(address),
        }
    log = Path(url).expanduser() if url else directory / "events.sqlite"
    return {
        "log": lambda: SqliteEventLog(log, clock, software()),
        "claims": lambda: OfdLockClaims(log.with_name("claims.lock")),
        "names": lambda: SqliteUserNames(log.with_name("names.sqlite")),
    }


def _lookups() -> Lookups:
    from .adapters.outbound.config.spawner_classes import find_spawner_class
    from .adapters.outbound.inner_spawners.settings import expects, takes

    return Lookups(
        _available(PROVIDERS),
        _available(AUTHENTICATORS),
        _available(CONFIGURERS),
        find_spawner_class,
        takes,
        expects,
    )


def _available(group: str) -> Callable[[str], type]:
    def find(name: str) -> type:
        try:
            return Plugins(group).load(name)
        except PluginError as error:
            raise NotAvailable(str(error)) from error

    return find


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
