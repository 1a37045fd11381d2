"""The folder of a run holds no more than it must, and is no longer than OpenSSH can bear."""

import json
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from multiplespawner.adapters.outbound.configurers.literal_values import literal
from multiplespawner.adapters.outbound.configurers.run_folder import HOST, RunFolder
from multiplespawner.application.ports.authenticator import Access

ACCESS = Access("192.0.2.1", 2222, "opc", Path("/keys/a key"), Path("/keys/100%/known"))


@pytest.fixture
def run(tmp_path: Path) -> Iterator[RunFolder]:
    """One that is made and filled."""
    folder = tmp_path / "run"
    folder.mkdir()
    run = RunFolder(folder)
    run.make()
    run.write_inventory("compute", {"x": literal("{{ 1 }}")}, None)
    run.write_variables(ACCESS, {"ansible_connection": "local", "ansible_host": "elsewhere", "mine": 1})
    yield run
    run.remove()


def test_files_are_for_us_alone(run):
    """Every file and folder."""
    for path in (run.folder, *run.folder.rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0 or path.is_symlink()


def test_the_inventory_has_only_our_words(run):
    """The rest is in files of variables."""
    assert (run.folder / "inventory/hosts").read_text() == f"[compute]\n{HOST}\n"
    assert json.loads((run.folder / "env/extravars").read_text()) == {"x": literal("{{ 1 }}")}


def test_how_the_host_is_entered_is_ours_to_say(run):
    """Whatever the settings say."""
    entry = json.loads((run.folder / f"inventory/host_vars/{HOST}.json").read_text())
    assert entry["ansible_connection"] == "ssh"
    assert entry["ansible_host"] == literal("192.0.2.1")
    assert (entry["ansible_port"], entry["mine"]) == (2222, 1)


def test_paths_are_quoted_for_openssh(run):
    """Those with blanks and percent signs, too."""
    said = run.ssh(ACCESS)
    assert 'IdentityFile="/keys/a key"' in said
    assert 'UserKnownHostsFile="/keys/100%%/known"' in said
    assert said[:2] == ("-F", "/dev/null")
    assert "StrictHostKeyChecking=yes" in said


@pytest.mark.parametrize("deep", ["x", "x" * 120])
def test_shared_connections_have_a_short_path(tmp_path, deep):
    """With the name that OpenSSH gives it, and the end that it adds for a moment."""
    folder = tmp_path / deep
    folder.mkdir()
    run = RunFolder(folder)
    run.make()
    try:
        assert len(os.fsencode(run.control / ("c" * 40))) < 100
        assert stat.S_IMODE(run.control.stat().st_mode) == 0o700
    finally:
        run.remove()
    assert not run.control.exists()
    assert not folder.exists()
