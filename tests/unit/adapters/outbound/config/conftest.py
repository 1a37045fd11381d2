"""A provider, a spawner class and files to load, without a hub."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import pytest
from attrs import field, frozen, make_class
from attrs.validators import ge
from traitlets import Bool, HasTraits, Int, List, TraitError, Unicode

from multiplespawner.adapters.outbound.config.loading import load
from multiplespawner.adapters.outbound.config.lookups import CannotBe, Lookups, NotAvailable
from multiplespawner.application.ports.configuration import Configuration


class PlainSpawner(HasTraits):
    """Takes what a spawner takes."""

    port = Int()
    debug = Bool()
    image = Unicode()
    notebook_dir = Unicode()
    env_keep: Any = List(Unicode())
    start_timeout = Int()
    old_name = Unicode()
    key_file = Unicode()

    said_by_authenticator: ClassVar[dict[str, str]] = {"key_file": "it has keys"}

    @classmethod
    def remarks(cls, kwargs: dict[str, Any]) -> dict[str, str]:
        """What is taken and not used."""
        return {"old_name": "nothing is named"} if kwargs.get("old_name") else {}


@frozen
class CloudSettings:
    """What can be set of the cloud."""

    region: str = "north"
    disk: int = field(default=50, validator=ge(1))
    spot: bool = False
    api_token: str = ""


class Cloud:
    """Rents out machines."""

    allocates: ClassVar[bool] = True
    settings_class: ClassVar[type] = CloudSettings
    types: ClassVar[tuple[str, ...]] = ("virtual_machine",)


@frozen
class StrictSettings:
    """One thing must be said."""

    must: str


class Strict(Cloud):
    """Can't do without."""

    settings_class: ClassVar[type] = StrictSettings


@frozen
class NoSettings:
    """Nothing can be set."""


class Here:
    """This machine."""

    allocates: ClassVar[bool] = False
    settings_class: ClassVar[type] = NoSettings
    types: ClassVar[tuple[str, ...]] = ("bare_metal", "container")


_SAID = (
    "options extra key a b deep key_name auth_key private_key_file ssh_keyfile token_url keys token "
    "API_TOKEN password ssh_private_key secret client_secret"
)


class Known:
    """A class that is there, and takes what tests say of it."""

    settings_class: ClassVar[type] = make_class(
        "KnownSettings", {name: field(default=None, type=Any) for name in _SAID.split()}
    )


def look_up(**known: type) -> Callable[[str], type]:
    """Find what is known."""

    def find(name: str) -> type:
        if name not in known:
            raise NotAvailable(f"Install {name}.")
        return known[name]

    return find


def find_spawner(path: str) -> type:
    """Only PlainSpawner is there; another name in its module can't be one."""
    if path == "plain.PlainSpawner":
        return PlainSpawner
    if path.startswith("plain."):
        raise CannotBe(f"plain has no {path[6:]}", "a spawner class", "Did you mean plain.PlainSpawner?")
    raise NotAvailable(f"Install {path}.")


def expects(spawner: Any, name: str, value: Any) -> str | None:
    """Ask the trait."""
    trait = spawner.class_traits()[name]
    try:
        trait._validate(HasTraits(), value)
    except TraitError:
        return str(trait.info())
    return None


LOOKUPS = Lookups(
    provider=look_up(cloud=Cloud, here=Here, strict=Strict),
    authenticator=look_up(**{"known.Authenticator": Known}),
    configurer=look_up(**{"known.Configurer": Known}),
    spawner=find_spawner,
    takes=lambda spawner, name: name in spawner.class_traits(),  # type: ignore[attr-defined]
    expects=expects,
)

Load = Callable[..., Configuration]


@pytest.fixture
def load_files(tmp_path: Path) -> Load:
    """Write what is given, as JSON with one thing a line or as text, and load it."""

    def write_and_load(
        templates: Any, deployments: Any, environ: dict[str, str] | None = None
    ) -> Configuration:
        files = (tmp_path / "templates.json", tmp_path / "deployment.json")
        for file, said in zip(files, (templates, deployments), strict=True):
            file.write_text(said if isinstance(said, str) else json.dumps(said, indent=1))
            file.chmod(0o600)
        return load(*files, LOOKUPS, (tmp_path / "playbooks",), environ or {})

    return write_and_load
