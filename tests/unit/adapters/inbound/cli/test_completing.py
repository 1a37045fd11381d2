"""Given a command that is being typed in bash, when Tab is pressed, then what fits is offered."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

from multiplespawner.adapters.inbound.cli.completing import users
from told_states import State, names

PROGRAM = Path(sys.executable).with_name("multiplespawner")
TAB = """
source "$1"; shift
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
_multiplespawner_completion "$1"
printf '%s\\n' "${COMPREPLY[@]}"
"""
UNDETECTED = {"_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}
"""Takes the shell's name as said: these tests may be run from any."""


def run(*command: str) -> str:
    """What a program prints, which must not complain."""
    environment = {**os.environ, **UNDETECTED, "PATH": f"{PROGRAM.parent}:{os.environ['PATH']}"}
    ran = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True, env=environment)
    assert ran.stderr == ""
    return ran.stdout


@pytest.fixture(scope="module")
def press_tab(
    tmp_path_factory: pytest.TempPathFactory, unavailable: Callable[[str], NoReturn]
) -> Callable[..., list[str]]:
    """What bash offers for the last of some words."""
    bash = shutil.which("bash")
    if bash is None or not PROGRAM.exists():
        unavailable("bash or the installed program is missing")
    script = tmp_path_factory.mktemp("completion") / "multiplespawner.bash"
    script.write_text(run(str(PROGRAM), "--show-completion", "bash"))

    def press(*words: str) -> list[str]:
        offered = run(bash, "-c", TAB, "bash", str(script), "multiplespawner", *words)
        return [line for line in offered.splitlines() if line]

    return press


def test_commands_and_options(press_tab: Callable[..., list[str]]) -> None:
    """By their beginnings."""
    assert set(press_tab("re")) == {"reconcile", "replay", "resources"}
    assert "--since" in press_tab("log", "--si")


def test_sessions_and_resources(press_tab: Callable[..., list[str]], state: State) -> None:
    """By the beginning of the id; before anything is typed, the latest first."""
    where = ("--directory", str(state.folder))
    assert press_tab("replay", *where, "2") == [names(2)[0]]
    assert press_tab("log", *where, "--session", "") == [names(number)[0] for number in (3, 2, 1)]
    assert press_tab("log", *where, "--resource", "1") == [names(1)[1]]


def test_users_and_facts(press_tab: Callable[..., list[str]], state: State) -> None:
    """Names of the latest sessions' users; facts and their families."""
    where = ("--directory", str(state.folder))
    assert press_tab("sessions", *where, "--user", "a") == ["ann"]
    assert set(press_tab("forget", *where, "")) == {"ann", "ben"}
    assert press_tab("log", "--name", "session.f") == ["session.failed"]


@pytest.mark.parametrize(
    "name", ["\\$(reboot)", "`reboot`", "a;b", "a b", "a'b", "*", "\x1b[2J", "\u202eada"]
)
def test_a_name_is_never_more_than_a_word(state: State, name: str) -> None:
    """Zsh runs what it is offered as code: names that a shell takes for more than they are stay away."""
    state.knows(2, name)
    assert users({"directory": str(state.folder)}, "") == ["ann"]


def test_nothing_is_offered_where_there_is_nothing(
    press_tab: Callable[..., list[str]], tmp_path: Path
) -> None:
    """And nothing is said."""
    assert press_tab("replay", "--directory", str(tmp_path / "none"), "") == []
