"""Given the command line as a whole, then it explains itself, is documented, and answers at once."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main
from typer.testing import CliRunner

from multiplespawner.adapters.inbound.cli.app import app
from told_states import State

DOCUMENT = (Path(__file__).parents[5] / "docs" / "command-line.md").read_text()


def commands(command: Any = None, *path: str) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Each command with the words that it is called by."""
    command = command or typer.main.get_command(app)
    if path:
        yield path, command
    for name, inner in getattr(command, "commands", {}).items():
        yield from commands(inner, *path, name)


COMMANDS = dict(commands())
CALLED = [pytest.param(path, id=" ".join(path)) for path in COMMANDS]


@pytest.mark.parametrize("path", CALLED)
def test_help_says_what_it_does_and_what_each_option_means(path: tuple[str, ...]) -> None:
    """In whole sentences, and nothing is left to guess."""
    result = CliRunner().invoke(app, [*path, "--help"], env={"COLUMNS": "100"})
    assert result.exit_code == 0
    command = COMMANDS[path]
    assert command.help
    assert command.help.splitlines()[0].endswith(".")
    for parameter in command.params:
        assert getattr(parameter, "help", None), parameter.name


@pytest.mark.parametrize("path", CALLED)
def test_every_command_is_documented_with_its_options(path: tuple[str, ...]) -> None:
    """The table in docs/command-line.md has a row for it, with the options that it has for itself."""
    (row,) = re.findall(rf"^\| `{' '.join(path)}(?: [A-Z]+)?` \|.*$", DOCUMENT, re.M)
    names = (max(p.opts, key=len) for p in COMMANDS[path].params if p.param_type_name == "option")
    own = {name for name in names if name not in ("--directory", "--event-log", "--help")}
    assert set(re.findall(r"`(--[a-z-]+)`", row.split("|")[-2])) == own


@pytest.mark.parametrize("words", ["version", "--help", "log --help", "check --help", "replay --help"])
def test_what_needs_nothing_imports_nothing(words: str) -> None:
    """An answer that everybody waits for must not wait for databases, schemas and hubs."""
    code = f"""if True:
        import sys
        from typer.testing import CliRunner
        from multiplespawner.adapters.inbound.cli.app import app
        assert CliRunner().invoke(app, {words.split()!r}).exit_code == 0
        heavy = ("eventsourcing", "sqlite3", "psycopg", "jsonschema", "jupyterhub", "dateparser", "asyncio")
        assert [name for name in heavy if name in sys.modules] == []
        assert "multiplespawner.bootstrap" not in sys.modules
    """
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    assert ran.returncode == 0, ran.stderr


def test_a_look_at_the_log_reads_no_configuration(tmp_path: Path) -> None:
    """Nor what is needed for that."""
    code = f"""if True:
        import sys
        from typer.testing import CliRunner
        from multiplespawner.adapters.inbound.cli.app import app
        assert CliRunner().invoke(app, ["log", "--directory", {str(tmp_path)!r}]).exit_code == 2
        assert [name for name in ("jsonschema", "jupyterhub", "psycopg") if name in sys.modules] == []
    """
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    assert ran.returncode == 0, ran.stderr


@pytest.mark.parametrize("words", ["log", "log verify", "sessions", "resources", "replay x"])
@pytest.mark.parametrize("lies", ["nothing", "a folder", "text", "another database", "an empty file"])
def test_where_there_is_no_log_a_sentence_says_so(tmp_path: Path, words: str, lies: str) -> None:
    """2, one line, no traceback, and nothing is made."""
    log = tmp_path / "events.sqlite"
    match lies:
        case "a folder":
            log.mkdir()
        case "text":
            log.write_text("not a database" * 100)
        case "an empty file":
            log.touch()
        case "another database":
            import sqlite3

            sqlite3.connect(log).execute("CREATE TABLE a (b)").close()
    before = sorted(tmp_path.iterdir())
    result = CliRunner().invoke(app, [*words.split(), "--directory", str(tmp_path)])
    assert (result.exit_code, result.stdout) == (2, "")
    assert len(result.stderr.splitlines()) == 1
    assert str(log) in result.stderr
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize("path", [path for path in CALLED if path.id != "version"])
def test_a_home_that_nobody_has_is_told_in_words(path: tuple[str, ...]) -> None:
    """2, and no traceback, whatever the command."""
    needed = {"replay": ["x"], "forget": ["x"], "revoke": ["1"]}.get(path[-1], [])
    result = CliRunner().invoke(app, [*path, *needed, "--directory", "~nobody-is-called-so"])
    assert isinstance(result.exception, SystemExit)
    assert result.exit_code == 2
    assert "--directory" in result.stderr


@pytest.mark.parametrize(
    "words", ["log", "log verify", "sessions", "resources", "replay x", "forget x", "adopt"]
)
def test_a_log_in_a_home_that_nobody_has_is_told_in_words(tmp_path: Path, words: str) -> None:
    """The same of the other option with a path."""
    where = ["--directory", str(tmp_path), "--event-log", "~nobody-is-called-so/events.sqlite"]
    result = CliRunner().invoke(app, [*words.split(), *where])
    assert isinstance(result.exception, SystemExit)
    assert result.exit_code == 2
    assert "--event-log" in result.stderr


@pytest.mark.parametrize("words", ["log --user", "log --session", "log --resource", "replay", "forget --yes"])
def test_bytes_that_are_no_text_are_told_in_words(state: State, words: str) -> None:
    """A program hands on what it found: 2, a sentence, no traceback."""
    command, *others = words.split()
    result = state.run(command, *others, "\udcff")
    assert isinstance(result.exception, SystemExit)
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize("words", ["sessions", "log", "log verify", "replay 15"])
def test_a_folder_need_not_be_listed(state: State, monkeypatch: pytest.MonkeyPatch, words: str) -> None:
    """Entering it is enough for those who may read the log in it."""
    ask = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: str(path) != str(state.folder) and ask(path, mode))
    result = CliRunner().invoke(app, [*words.split(), "--directory", str(state.folder)])
    assert result.exit_code == 0, result.output
