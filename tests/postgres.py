"""A real PostgreSQL server for the tests, in a folder of its own."""

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn
from uuid import uuid4

import pytest

PASSWORD = "canary-pg-password"


class PostgresServer:
    """A server that listens on loopback only and asks for a password."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self._programs = programs
        self._folder = folder
        self._user = "postgres" if os.geteuid() == 0 else None
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]

    def create(self) -> None:
        """Make the server's files."""
        self._folder.mkdir(mode=0o700)
        password = self._folder / "password"
        password.write_text(PASSWORD)
        if self._user:
            shutil.chown(self._folder, self._user, self._user)
            shutil.chown(password, self._user, self._user)
        self._run("initdb", "-D", str(self._folder / "data"), "-U", "tester", "-A", "scram-sha-256",
                  "--pwfile", str(password), "--no-sync")  # fmt: skip

    def start(self) -> None:
        """Start it and return when it answers."""
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off"
        self._run("pg_ctl", "-D", str(self._folder / "data"), "-o", options,
                  "-l", str(self._folder / "log"), "-w", "-t", "30", "start")  # fmt: skip

    def stop(self) -> None:
        """Stop it at once, hanging up on everybody."""
        self._run("pg_ctl", "-D", str(self._folder / "data"), "-m", "immediate", "-w", "stop")

    def url(self, database: str = "postgres") -> str:
        """How to connect."""
        return f"postgresql://tester:{PASSWORD}@127.0.0.1:{self.port}/{database}"

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run([self._programs / program, *arguments], user=self._user, group=self._user,
                       extra_groups=[] if self._user else None, cwd="/", check=True, timeout=60,
                       stdout=subprocess.DEVNULL)  # fmt: skip


@pytest.fixture(scope="session")
def postgres(
    tmp_path_factory: pytest.TempPathFactory, unavailable: Callable[[str], NoReturn]
) -> Iterator[PostgresServer]:
    """A running server."""
    pytest.importorskip("psycopg")
    programs = max(Path("/usr/lib/postgresql").glob("*/bin/initdb"), default=None)
    if programs is None:
        unavailable("PostgreSQL is not installed in /usr/lib/postgresql")
    if os.geteuid() == 0:
        with contextlib.suppress(KeyError):
            pwd.getpwnam("postgres")
            # pytest's own folders can't be entered by another user.
            folder = Path("/var/tmp") / f"multiplespawner-postgres-{uuid4().hex}"
            yield from _running(PostgresServer(programs.parent, folder), folder)
            return
        unavailable("there is no user postgres to run the server as")
    folder = tmp_path_factory.mktemp("postgres") / "server"
    yield from _running(PostgresServer(programs.parent, folder), folder)


def _running(server: PostgresServer, folder: Path) -> Iterator[PostgresServer]:
    server.create()
    server.start()
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgres_url(postgres: PostgresServer) -> str:
    """URL of an empty database that nobody is connected to."""
    import psycopg

    others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    with psycopg.connect(postgres.url(), autocommit=True) as connection:
        deadline = time.monotonic() + 30
        while connection.execute(f"SELECT pg_terminate_backend(pid) {others}").fetchall():
            assert time.monotonic() < deadline, "somebody stays connected"
        # A new database for each test would cost a hundred times as much.
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
        connection.execute("GRANT USAGE ON SCHEMA public TO PUBLIC")
    return postgres.url()
