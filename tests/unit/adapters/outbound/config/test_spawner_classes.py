"""Given a class path, when it is looked for, then the class is there, or it is said what to do."""

import sys
from pathlib import Path

import pytest
from jupyterhub.spawner import SimpleLocalProcessSpawner

from multiplespawner.adapters.outbound.config.lookups import CannotBe, NotAvailable
from multiplespawner.adapters.outbound.config.spawner_classes import find_spawner_class
from multiplespawner.ssh_spawner import SSHSpawner


def test_a_spawner_class_is_found() -> None:
    """By its dotted path."""
    assert find_spawner_class("jupyterhub.spawner.SimpleLocalProcessSpawner") is SimpleLocalProcessSpawner


def test_ours_stands_for_a_package_that_works_no_more() -> None:
    """Template files in use name it; what is installed of that name is not used."""
    assert find_spawner_class("sshspawner.sshspawner.SSHSpawner") is SSHSpawner


@pytest.mark.parametrize(
    ("path", "advice"),
    [
        ("jhub.SwarmSpawner", "jhub-swarmspawner"),
        ("kubespawner.KubeSpawner", "jupyterhub-kubespawner"),
        ("no_such_package_here.Spawner", "no_such_package_here"),
    ],
)
def test_a_package_that_is_not_installed_is_named(path: str, advice: str) -> None:
    """With what to install where it is known."""
    with pytest.raises(NotAvailable, match=advice):
        find_spawner_class(path)


@pytest.mark.parametrize(
    ("path", "near"),
    [
        ("jupyterhub.spawner.LocalProcesSpawner", "jupyterhub.spawner.LocalProcessSpawner"),
        ("jupyterhub.spawners.LocalProcessSpawner", "jupyterhub.spawner"),
        ("jupyterhub.spawner.LocalProcessSpawner.start", ""),
        ("jupyterhub.app.JupyterHub", ""),
        ("os.path", ""),
        ("multiplespawner.MultipleSpawner", ""),
    ],
)
def test_what_cannot_be_an_inner_spawner_is_told(path: str, near: str) -> None:
    """With the near name where there is one."""
    with pytest.raises(CannotBe) as refusal:
        find_spawner_class(path)
    assert near in refusal.value.suggestion


@pytest.mark.parametrize(
    "code", ["import no_such_dependency", "raise RuntimeError('canary')", "raise SystemExit(3)", "("]
)
def test_a_module_that_breaks_is_not_available(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    """Foreign code may raise anything while it is imported; what it says may be anything too."""
    (tmp_path / "broken_module.py").write_text(code)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "broken_module", raising=False)
    with pytest.raises(NotAvailable) as refusal:
        find_spawner_class("broken_module.Spawner")
    assert "canary" not in str(refusal.value)
