"""Which names a spawner class lets a template or a hook set, and the values that suit them."""

from __future__ import annotations

from collections.abc import Mapping
from inspect import getattr_static
from typing import TYPE_CHECKING, Any

from .fitting import DoesNotFit, fit

if TYPE_CHECKING:
    # the command line checks files with it, and starts without the hub where no class needs it
    from jupyterhub.spawner import Spawner

HUB_GIVES = (
    "user",
    "hub",
    "orm_spawner",
    "authenticator",
    "config",
    "proxy_spec",
    "_deprecated_db_session",
    "oauth_client_id",
    "cookie_options",
    "cookie_host_prefix_enabled",
    "trusted_alt_names",
    "public_url",
    "public_hub_url",
    "internal_ssl",
    "internal_trust_bundles",
    "internal_certs_location",
)
"""What JupyterHub 6.1.1 constructs a spawner with (user.py, `_new_spawner`), `user_options` apart."""

HANDED_OVER = (
    "api_token",
    "admin_access",
    "handler",
    "cert_paths",
    "oauth_client_allowed_scopes",
    "oauth_access_scopes",
)
"""What JupyterHub sets on a spawner between constructing and starting it (user.py, `spawn`)."""

OUTER_ONLY = frozenset(
    {
        *("pre_spawn_hook", "post_stop_hook", "auth_state_hook", "progress_ready_hook", "group_overrides"),
        *("options_form", "options_from_form", "apply_user_options", "server_token_scopes", "oauth_roles"),
        *("http_timeout", "poll_interval", "poll_jitter", "consecutive_failure_limit", "will_resume"),
    }
)
"""What only the hub reads, and the hub knows only the outer spawner."""

_WIRING = frozenset({*HUB_GIVES, *HANDED_OVER, "user_options", "db", "parent", "log", "server", "name"})


class NotASetting(ValueError):
    """A name that a spawner class doesn't let be set."""

    def __init__(self, name: str, spawner: str, reserved: bool) -> None:
        why = "JupyterHub sets it itself" if reserved else "it has no such setting"
        super().__init__(f"{spawner} doesn't take {name}: {why}")
        self.name = name
        self.spawner = spawner
        """The class's name."""
        self.reserved = reserved
        """Whether the name is one which the hub gives each spawner."""


def takes(spawner_class: type[Spawner], name: str) -> bool:
    """Tell whether `name` may be set on a spawner of the class: a trait, or a plain value of the class."""
    if name in _WIRING or name.startswith("_"):
        return False
    if name in spawner_class.class_traits():
        return True
    plain = getattr_static(spawner_class, name, property())
    return not callable(plain) and not hasattr(plain, "__get__")


def expects(spawner_class: type[Spawner], name: str, value: Any) -> str | None:
    """What the class takes for a name that it takes, in words; None if the value suits it."""
    trait = spawner_class.class_traits().get(name)
    try:
        if trait is not None:
            fit(value, trait)
    except DoesNotFit as error:
        return error.expected
    return None


def fitted(spawner_class: type[Spawner], kwargs: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings with values that suit the class. Raises NotASetting or DoesNotFit."""
    traits = spawner_class.class_traits()
    for name in kwargs:
        if not takes(spawner_class, name):
            raise NotASetting(name, spawner_class.__name__, name in _WIRING)
    return {name: fit(value, traits[name]) if name in traits else value for name, value in kwargs.items()}
