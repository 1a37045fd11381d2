"""Authenticators and configurers are made of what a template says."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from cattrs import structure

from multiplespawner.adapters.outbound.components import Components
from multiplespawner.adapters.outbound.plugins import AUTHENTICATORS, NotInstalled
from multiplespawner.application.ports.authenticator import AuthenticatorMissing
from multiplespawner.application.ports.configurer import ConfigurerMissing
from multiplespawner.testing.fakes.memory_authenticator import (
    MemoryAuthenticator,
    MemoryAuthenticatorSettings,
)
from multiplespawner.testing.fakes.memory_configurer import MemoryConfigurer, MemoryConfigurerSettings

CANARY = "canary-3c1f"


def nothing(name: str) -> type:
    """Know no class."""
    raise NotInstalled(AUTHENTICATORS, name, "install the extra ssh")


@pytest.fixture
def looked_for() -> list[str]:
    """Classes that were looked for."""
    return []


@pytest.fixture
def make(tmp_path: Path, looked_for: list[str]) -> Callable[..., Components]:
    """Make the components, with the fakes under any name."""

    def find(cls: type) -> Callable[[str], type]:
        return lambda name: looked_for.append(name) or cls  # type: ignore[func-returns-value]

    def made(structured: Callable[[dict[str, Any], type], Any] = structure) -> Components:
        return Components(find(MemoryAuthenticator), find(MemoryConfigurer), structured, tmp_path)

    return made


def test_settings_and_the_directory_reach_what_is_made(make: Any, tmp_path: Path) -> None:
    """Settings as the class declares them, with their placeholders."""
    components = make()
    authenticator = components.authenticator("a.B", {"key_name": "{JUPYTERHUB_USER}"})
    configurer = components.configurer("c.D", {"tasks": ["x"], "ansible_user": "ops"})

    assert authenticator == MemoryAuthenticator(MemoryAuthenticatorSettings("{JUPYTERHUB_USER}"), tmp_path)
    assert configurer == MemoryConfigurer(MemoryConfigurerSettings(("x",), "ops"), tmp_path)
    assert authenticator.directory == tmp_path


def test_a_class_is_looked_for_once_and_never_taken_for_the_other_kind(
    make: Any, looked_for: list[str]
) -> None:
    """One name may be that of both."""
    components = make()
    for _ in range(2):
        assert isinstance(components.authenticator("same", {}), MemoryAuthenticator)
        assert isinstance(components.configurer("same", {}), MemoryConfigurer)

    assert looked_for == ["same", "same"]


def test_what_was_made_is_not_kept(make: Any) -> None:
    """It may hold a secret, and the next one may be told otherwise."""
    components = make()
    first, second = (components.authenticator("a.B", {"key_name": name}) for name in "xy")

    assert (first.settings.key_name, second.settings.key_name) == ("x", "y")


def test_what_is_not_installed_says_what_to_do(tmp_path: Path) -> None:
    """It is looked for again the next time: it may have been installed meanwhile."""
    components = Components(nothing, nothing, structure, tmp_path)
    for _ in range(2):
        with pytest.raises(AuthenticatorMissing, match="install the extra ssh"):
            components.authenticator("a.B", {})
        with pytest.raises(ConfigurerMissing, match="install the extra ssh"):
            components.configurer("a.B", {})


def test_settings_that_do_not_fit_are_never_quoted(make: Any) -> None:
    """The error of whatever refused them may tell a secret; the cause is for who debugs."""

    def quoting(said: Mapping[str, Any], _: type) -> Any:
        raise ValueError(f"unexpected: {said}")

    components = make(quoting)
    for call, missing in (
        (components.authenticator, AuthenticatorMissing),
        (components.configurer, ConfigurerMissing),
    ):
        with pytest.raises(missing) as raised:
            call("a.B", {"password": CANARY})
        assert "a.B" in str(raised.value)
        assert CANARY not in str(raised.value)
    assert CANARY not in repr(components)
