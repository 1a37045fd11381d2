"""What a deployment can be made from again: settings as the files have them, and names to fill in apart."""

import asyncio
import socket
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from ....application.ports.configuration import Recipe
from ....application.substitution import fill
from ....bootstrap.hub import stored_options
from ....domain.accounts import UnixAccount
from ....domain.offers import Choice
from ....domain.values import Hardware

_HOST_KEYS = ("ssh_host_ed25519_key.pub", "ssh_host_ecdsa_key.pub", "ssh_host_rsa_key.pub")


async def document_for(
    spawner: Any, choice: Choice, recipe: Recipe, token: str, reserved: Collection[str] = ()
) -> Mapping[str, Any]:
    """The document of a deployment that is to be; no user gets `reserved` accounts by a name.

    Raises AccountNotPossible.
    """
    user, names = spawner.user.name, _names(spawner, choice, await asyncio.to_thread(_host_key))
    kwargs = {**_limits(choice.selection.hardware), **recipe.spawner_kwargs}
    # the hub gives it, and the name may be another one when the spawner is made again
    if fill(kwargs.get("user"), names) == user:
        del kwargs["user"]
    return {
        "class": recipe.spawner_class,
        "kwargs": kwargs,
        "names": names,
        "user_options": stored_options(choice.inner),
        "server": {"user": spawner.user.id, "spawner": spawner.orm_spawner.id},
        "token": token,
        "provider_settings": dict(recipe.provider_settings),
        "account": _account(choice, recipe, user, reserved),
        "authenticator": recipe.authenticator and recipe.authenticator.document(),
        "configurer": recipe.configurer and recipe.configurer.document(),
    }


def _account(choice: Choice, recipe: Recipe, user: str, reserved: Collection[str]) -> Mapping[str, Any]:
    """Under which account of its machine the notebook runs; {} where nothing is entered."""
    if recipe.authenticator is None:
        return {}
    rule = choice.offer.unix_account or UnixAccount("existing")
    return {"name": rule.of(user), "mode": rule.mode, "reserved": sorted(reserved)}


def _names(spawner: Any, choice: Choice, host_key: str) -> dict[str, str]:
    options = {f"option.{name}": str(value) for name, value in choice.selection.options}
    hub = {"JUPYTERHUB_HOST": _public_host(spawner), "server_public_ip": _address(spawner)}
    return {"JUPYTERHUB_USER": spawner.user.name, **hub, "server_host_key": host_key, **options}


def _public_host(spawner: Any) -> str:
    return str(getattr(spawner.hub, "public_host", "") or "") if spawner.hub is not None else ""


def _address(spawner: Any) -> str:
    """Where this hub's machine is reached, as far as the hub says."""
    said = str(getattr(spawner.hub, "connect_ip", "") or "") if spawner.hub is not None else ""
    return said if said not in ("", "0.0.0.0", "::") else socket.gethostname()  # noqa: S104 - is no binding


def _host_key() -> str:
    """The SSH host key of this hub's machine; empty where it has none. Blocks."""
    for name in _HOST_KEYS:
        try:
            return Path("/etc/ssh", name).read_text().strip()
        except OSError:
            continue
    return ""


def _limits(hardware: Hardware) -> dict[str, Any]:
    """What JupyterHub's spawners call the chosen hardware."""
    chosen = {
        "cpu_limit": hardware.cpu,
        "mem_limit": None if hardware.memory is None else int(hardware.memory * 2**30),
    }
    return {name: value for name, value in chosen.items() if value is not None}
