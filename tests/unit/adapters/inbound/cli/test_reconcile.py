"""Given a directory, when `reconcile` is run, then it says whose sessions it sees to."""

import os
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from houses import Outside
from multiplespawner.adapters.inbound.cli import reconciling
from multiplespawner.adapters.inbound.cli.app import app
from multiplespawner.application.ports.configuration import Configuration
from multiplespawner.bootstrap import Settings
from told_states import State


def run(command: str, folder: Path, *options: str) -> Result:
    """Run a command on a folder without a configuration."""
    return CliRunner().invoke(app, [command, "--directory", str(folder), *options])


@pytest.mark.parametrize(
    ("kept", "options", "said"),
    [
        ("", (), "all hubs"),
        ("kept", (), "the hub kept"),
        ("kept", ("--all-hubs",), "all hubs"),
        ("kept", ("--hub", "other"), "the hub other"),
    ],
)
def test_it_says_whose_sessions_it_sees_to(
    tmp_path: Path, kept: str, options: tuple[str, ...], said: str
) -> None:
    """What an option says, else the hub of the directory, else all; and no hub is made up."""
    if kept:
        (tmp_path / "hub_id").write_text(kept)
    result = run("reconcile", tmp_path, "--once", *options)
    assert result.exit_code == 0
    assert said in result.stdout.splitlines()[0]
    assert (tmp_path / "hub_id").exists() == bool(kept)


@pytest.mark.parametrize("options", [("--hub", "one", "--all-hubs"), ()])
def test_what_makes_no_sense_is_told_in_words(tmp_path: Path, options: tuple[str, ...]) -> None:
    """Both options at once, or an empty name."""
    (tmp_path / "hub_id").write_text("")
    result = run("reconcile", tmp_path, "--once", *options)
    assert result.exit_code == 2
    assert "Traceback" not in result.output


def test_adopting_makes_up_no_hub(tmp_path: Path) -> None:
    """A log is believed as a whole."""
    assert run("adopt", tmp_path).exit_code == 0
    assert not (tmp_path / "hub_id").exists()


@pytest.mark.parametrize("command", ["reconcile", "adopt"])
@pytest.mark.parametrize(
    "log", ["postgresql://me:secret@localhost:1/x", "postgresql://[", "/dev/null/events.sqlite"]
)
def test_what_can_not_be_seen_to_is_told_in_a_sentence(tmp_path: Path, command: str, log: str) -> None:
    """2, as for every question that can't be answered, and no traceback."""
    result = run(command, tmp_path, "--event-log", log)
    assert isinstance(result.exception, SystemExit)
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1
    assert "secret" not in result.stderr


@pytest.mark.parametrize("command", [("reconcile", "--once"), ("adopt",)])
def test_root_lays_nothing_beside_a_log_of_the_hub_s_user(
    state: State, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    """The hub could not read it: 2, and who is to run it is said."""
    if os.geteuid() == 0:
        os.chown(state.log, 12345, -1)
    owner = str(state.log.stat().st_uid)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    before = sorted(state.folder.iterdir())
    result = run(command[0], state.folder, *command[1:])
    assert isinstance(result.exception, SystemExit)
    assert result.exit_code == 2
    assert owner in result.stderr
    assert sorted(state.folder.iterdir()) == before


async def test_each_round_looks_at_the_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reconciler runs for months: providers are asked with the settings of now."""
    house = Outside().house(None, stays=False)
    monkeypatch.setattr(reconciling, "build", lambda *_, **__: house)
    house.ports.configurations.said = Configuration("edited", ("t.json",))
    await reconciling.reconcile(Settings(directory=tmp_path), once=True, tell=lambda _: None)
    assert house.ports.configurations.current.digest == "edited"
