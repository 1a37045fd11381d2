"""Searches for a secret in every place where it must not be; each answer names where it was found."""

import contextlib
import os
import sqlite3
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import psutil
from attrs import field, frozen


@frozen
class Traces:
    """What a hub has left so far."""

    folder: Path
    """The hub's own, with the spawner's directory `ms` in it."""
    answers: list[str] = field(factory=list)
    """All that it said to anybody: bodies of REST answers, progress, pages."""


def event_log(traces: Traces, secret: str) -> list[str]:
    """Every column of every table of the event log and of the users' names."""
    files = (traces.folder / "ms" / name for name in ("events.sqlite", "names.sqlite"))
    return [found for file in files if file.exists() for found in _in_database(file, secret)]


def hub_database(traces: Traces, secret: str) -> list[str]:
    """Every column of every table of the hub, the spawners' state among them."""
    return list(_in_database(traces.folder / "jupyterhub.sqlite", secret))


def written_logs(traces: Traces, secret: str) -> list[str]:
    """What hub, proxy, notebooks and the structured log have written."""
    with (traces.folder / "hub.log").open("rb") as log:
        return [f"hub.log:{number}" for number, line in enumerate(log, 1) if is_in(secret, line)]


def arguments(_: Traces, secret: str) -> list[str]:
    """The command lines of all processes of this machine, which every user can list."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if is_in(secret, "\0".join(process.cmdline()).encode()):
                found.append(f"process {process.pid}")
    return found


def files(traces: Traces, secret: str) -> list[str]:
    """All files but those of the private store that nobody else can read."""
    return [
        str(file)
        for file in files_below(traces.folder)
        if _has(file, secret) and not _is_private(traces, file)
    ]


def answers(traces: Traces, secret: str) -> list[str]:
    """What was said to users and administrators."""
    return [f"answer {n}" for n, text in enumerate(traces.answers) if is_in(secret, text.encode())]


def private_store(traces: Traces, secret: str) -> list[str]:
    """The private store, where a secret may lie while something needs it."""
    return [str(file) for file in files_below(traces.folder / "ms" / "private") if _has(file, secret)]


Search = Callable[[Traces, str], list[str]]

EVERYWHERE: Mapping[str, Search] = {
    search.__name__: search for search in (event_log, hub_database, written_logs, arguments, files, answers)
}
"""Where a secret must never be."""


def leaks(
    traces: Traces, secrets: Mapping[str, str], searches: Mapping[str, Search] = EVERYWHERE
) -> list[str]:
    """Which secret (by its name) was found where."""
    return [
        f"{name} in {place}: {found}"
        for name, secret in secrets.items()
        for place, search in searches.items()
        for found in search(traces, secret)
    ]


def is_in(secret: str, content: bytes) -> bool:
    """Whether it stands there, as it is or within something that was encoded."""
    return any(form in content for form in _forms(secret))


def _forms(secret: str) -> Iterator[bytes]:
    yield secret.encode()
    for offset in range(3):
        # in base64 as part of something longer; the ends depend on what is around
        yield b64encode(b"\0" * offset + secret.encode())[4:-4]


def _in_database(file: Path, secret: str) -> Iterator[str]:
    with contextlib.closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            for row in database.execute(f'SELECT * FROM "{table}"'):
                if any(is_in(secret, _bytes(value)) for value in row):
                    yield f"{file.name}, {table}"


def _bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


def files_below(folder: Path) -> Iterator[Path]:
    """All files; what goes meanwhile is passed over."""
    for above, _, names in os.walk(folder):
        yield from (path for name in names if (path := Path(above, name)).is_file())


def of_sessions(store: Path) -> list[str]:
    """Files of the private store, but for the key with which digests are made: it is the hub's own."""
    return [str(file) for file in files_below(store) if file != store / "digests+json"]


def _has(file: Path, secret: str) -> bool:
    try:
        return is_in(secret, file.read_bytes())
    except FileNotFoundError:
        return False


def _is_private(traces: Traces, file: Path) -> bool:
    store = traces.folder / "ms" / "private"
    if store not in file.parents or file.stat().st_mode & 0o077:
        return False
    folders = [store, *(parent for parent in file.parents if store in parent.parents)]
    return not any(folder.stat().st_mode & 0o077 for folder in folders)
