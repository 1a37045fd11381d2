"""The command line looks while a hub writes, before it starts, after it has gone, and as another user."""

import asyncio
import json
import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NoReturn
from uuid import uuid4

import pytest

from told_states import LOADED, State, ended, requested, started

LIMIT = 30
"""Seconds that anything here may take; it takes one or two."""
NOTICED = 2
"""Seconds within which a fact must be seen; it takes a tenth of one."""
COMMAND = [sys.executable, "-c", "from multiplespawner.adapters.inbound.cli import main; main()"]

AS_NOBODY = """
import os, sys
from typer.testing import CliRunner
from multiplespawner.adapters.inbound.cli.app import app

folder, user, group, *commands = sys.argv[1:]
run = lambda command: CliRunner().invoke(app, [*command.split(), "--directory", folder])
for command in commands:
    run(command)  # what is imported late must be there before rights are given up
os.setgroups([])
os.setgid(int(group))
os.setuid(int(user))
for command in commands:
    result = run(command)
    trouble = result.exception if result.exit_code == 1 else ""
    print(result.exit_code, len(result.stdout.splitlines()), trouble)
"""


@pytest.fixture
def state(tmp_path: Path) -> State:
    """One session that runs; no hub has the log open."""
    made = State(tmp_path / "state")
    made.folder.mkdir()
    for told in ([LOADED], requested(1), started(1)):
        made.tell(told)
    return made


@contextmanager
def following(state: State, *options: str) -> Iterator[subprocess.Popen[str]]:
    """`log --follow` that has told what there was."""
    command = [
        *COMMAND,
        "log",
        "--follow",
        "--json",
        "--last",
        "1",
        "--directory",
        str(state.folder),
        *options,
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert next_line(process)["name"]
            yield process
        finally:
            with suppress(OSError):
                process.kill()


def next_line(process: subprocess.Popen[str]) -> dict[str, Any]:
    """What is told next."""
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line, process.stderr.read() if process.stderr else ""
    found: dict[str, Any] = json.loads(line)
    return found


def test_a_fact_is_seen_at_once_and_a_hub_that_starts_later_too(state: State) -> None:
    """Each append opens the log, writes and leaves it again, as a hub that starts and stops."""
    with following(state) as process:
        for told in (requested(2), started(2)):
            began = time.monotonic()
            state.tell(told)
            told_names = [next_line(process)["name"] for _ in told]
            assert time.monotonic() - began < NOTICED
            assert len(told_names) == len(told)
        assert [file.name for file in state.folder.iterdir()] == ["events.sqlite"]


def test_an_interrupt_ends_it_well(state: State) -> None:
    """With 0, and nothing said."""
    with following(state) as process:
        process.send_signal(signal.SIGINT)
        assert process.wait(LIMIT) == 0
        assert process.stderr is not None
        assert process.stderr.read() == ""


@pytest.mark.parametrize("options", [(), ("--user", "1")])
def test_a_closed_pipe_ends_it_quietly(state: State, options: tuple[str, ...]) -> None:
    """Whoever reads may go away, as `head` does."""
    with following(state, *options) as process:
        assert process.stdout is not None
        process.stdout.close()
        state.tell(ended(1))
        assert process.wait(LIMIT) == 0
        assert process.stderr is not None
        assert process.stderr.read() == ""


def test_looks_beside_a_writer_see_whole_things(state: State) -> None:
    """While another process appends, every look is a beginning of the log, and its chain is whole."""

    async def write(until: asyncio.Event) -> int:
        number = 2
        while not until.is_set():
            await asyncio.to_thread(state.tell, requested(number))
            number += 1
        return number

    async def look(*arguments: str) -> str:
        process = await asyncio.create_subprocess_exec(
            *COMMAND,
            *arguments,
            "--directory",
            str(state.folder),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        out, err = await process.communicate()
        assert process.returncode == 0, err.decode()
        return out.decode()

    async def beside() -> list[tuple[list[int], int]]:
        done = asyncio.Event()
        writing = asyncio.create_task(write(done))
        looks = []
        for _ in range(3):
            told, verified = await asyncio.gather(
                look("log", "--all", "--json"), look("log", "verify", "--json")
            )
            positions = [json.loads(line)["position"] for line in told.splitlines()]
            looks.append((positions, json.loads(verified)["records"]))
        done.set()
        assert await writing > 2
        return looks

    looks = asyncio.run(beside())
    assert all(positions == list(range(1, len(positions) + 1)) for positions, _ in looks)
    assert looks[0][1] < looks[-1][1]


@pytest.fixture
def open_state(unavailable: Callable[[str], NoReturn]) -> Iterator[State]:
    """A folder that another user can reach; pytest's own can't be entered by one."""
    if os.geteuid() != 0:
        unavailable("only root can become another user")
    folder = Path("/var/tmp") / f"multiplespawner-readers-{uuid4().hex}"
    folder.mkdir(mode=0o755)
    made = State(folder)
    for told in ([LOADED], requested(1), started(1)):
        made.tell(told)
    made.knows(1, "ann")
    yield made
    shutil.rmtree(folder)


def as_nobody(state: State, *commands: str) -> list[list[str]]:
    """Exit status, lines and trouble of commands that nobody runs, who may only read the log."""
    nobody = pwd.getpwnam("nobody")
    arguments = [str(state.folder), str(nobody.pw_uid), str(nobody.pw_gid), *commands]
    ran = subprocess.run(
        [sys.executable, "-c", AS_NOBODY, *arguments],
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return [line.split() for line in ran.stdout.splitlines()]


def untouched(state: State) -> dict[str, tuple[int, bytes]]:
    """What lies there, and since when."""
    return {file.name: (file.stat().st_mtime_ns, file.read_bytes()) for file in state.folder.iterdir()}


READERS = ("log", "log verify", "sessions", "resources", "replay 15")


def test_who_may_only_read_can_do_so_with_the_hub_down(open_state: State) -> None:
    """And leaves nothing, and changes nothing."""
    open_state.log.chmod(0o644)
    before = untouched(open_state)
    answers = as_nobody(open_state, *READERS)
    assert [status for status, *_ in answers] == ["0"] * len(READERS)
    assert answers[0] == ["0", "10"]
    assert untouched(open_state) == before


def test_who_may_only_read_can_do_so_while_a_hub_writes(open_state: State) -> None:
    """Beside the files that SQLite makes, which get the rights of the log."""
    open_state.log.chmod(0o644)
    code = f"""if True:
        import sqlite3, sys
        database = sqlite3.connect({str(open_state.log)!r})
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE more (x)")
        database.commit()
        print("open", flush=True)
        sys.stdin.read()
    """
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as hub:
        assert hub.stdout is not None
        assert hub.stdout.readline() == b"open\n"
        assert {file.name for file in open_state.folder.iterdir()} > {
            "events.sqlite-wal",
            "events.sqlite-shm",
        }
        assert [status for status, *_ in as_nobody(open_state, *READERS)] == ["0"] * len(READERS)
        hub.communicate()
    assert not open_state.log.with_name("events.sqlite-wal").exists()


def test_who_may_not_read_is_told_so(open_state: State) -> None:
    """A sentence and 2, for a file and for a folder."""
    open_state.log.chmod(0o600)
    assert as_nobody(open_state, *READERS) == [["2", "0"]] * len(READERS)
    open_state.folder.chmod(0o700)
    assert as_nobody(open_state, *READERS) == [["2", "0"]] * len(READERS)
