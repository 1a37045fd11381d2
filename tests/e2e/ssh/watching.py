"""Watches two machines while something happens, and searches what was seen for a secret."""

import contextlib
import stat
import tempfile
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Self

from attrs import define, field, frozen

from e2e.hubs import RealHub
from e2e.leaks import Search, Traces, files_below, is_in
from ssh_hosts import SshHost

PAUSE = 0.02
"""Seconds between two looks."""

OF_ANSIBLE = (b"ansible", b"/msp-")
"""What stands in the arguments of its processes, or of those that it has begun."""

TEMPORARY = ("msp-*", "multiplespawner-*", "ansible*", "jupyterhub-*")
"""Names of what may be put into the folder for temporary files."""

ON_HOST = ("tmp", "var/tmp", "dev/shm", "run", "home", "root", "var/log", "etc")
"""Folders of a host where anybody could leave something."""

OTHERS = stat.S_IRWXG | stat.S_IRWXO


@frozen
class Sight:
    """A file as it was seen once."""

    path: Path
    mode: int
    content: bytes

    @property
    def is_private(self) -> bool:
        """Whether nobody but its owner may do anything with it."""
        return not self.mode & OTHERS


@define(eq=False)
class Watch:
    """Looks again and again, in a thread: at all processes, those of hosts too, and at the hub's folder.

    What lives shorter than a look takes can be missed.
    """

    folder: Path
    """Of the hub's spawner."""
    temporary: Path = field(factory=lambda: Path(tempfile.gettempdir()))
    arguments: set[bytes] = field(factory=set, init=False)
    environments: set[bytes] = field(factory=set, init=False)
    """Of Ansible."""
    files: set[Sight] = field(factory=set, init=False)
    _known: set[tuple[Path, int, int, int]] = field(factory=set, init=False)
    _over: threading.Event = field(factory=threading.Event, init=False)
    _thread: threading.Thread | None = field(default=None, init=False)

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        assert self._thread
        self._over.set()
        self._thread.join()
        self.look()

    def look(self) -> None:
        """Once more, now."""
        self._look_at_processes()
        for file in self._all_files():
            with contextlib.suppress(OSError):
                self._look_at(file)

    def private_keys(self) -> Iterator[str]:
        """A line out of the secret part of each that was seen."""
        for sight in frozenset(self.files):
            if b"PRIVATE KEY-----" in sight.content:
                yield sight.content.replace(b"\\n", b"\n").split(b"PRIVATE KEY-----")[1].split()[3].decode()

    def _watch(self) -> None:
        while not self._over.wait(PAUSE):
            self.look()

    def _look_at_processes(self) -> None:
        for process in Path("/proc").iterdir():
            if process.name.isdigit():
                with contextlib.suppress(OSError):
                    arguments = (process / "cmdline").read_bytes()
                    self.arguments.add(arguments)
                    if any(mark in arguments for mark in OF_ANSIBLE):
                        self.environments.add((process / "environ").read_bytes())

    def _all_files(self) -> Iterator[Path]:
        places = (self.folder, *(each for name in TEMPORARY for each in self.temporary.glob(name)))
        for place in places:
            yield from (file for file in (*files_below(place), place) if "sqlite" not in file.name)

    def _look_at(self, file: Path) -> None:
        seen = file.lstat()
        version = (file, seen.st_mtime_ns, seen.st_size, seen.st_mode)
        if stat.S_ISREG(seen.st_mode) and version not in self._known:
            self.files.add(Sight(file, seen.st_mode, file.read_bytes()))
            self._known.add(version)


@frozen
class Seen(Traces):
    """What a hub and a host have left, and what was seen meanwhile."""

    hub: RealHub = field(kw_only=True)
    watch: Watch = field(kw_only=True)
    host: SshHost = field(kw_only=True)


def seen_arguments(seen: Seen, secret: str) -> list[str]:
    """Command lines of processes on either machine."""
    return [repr(each) for each in frozenset(seen.watch.arguments) if is_in(secret, each)]


def ansibles_environment(seen: Seen, secret: str) -> list[str]:
    """Variables of Ansible's processes."""
    return ["environment" for each in frozenset(seen.watch.environments) if is_in(secret, each)]


def ansibles_artifacts(seen: Seen, secret: str) -> list[str]:
    """What ansible-runner wrote down of a run."""
    return [
        str(each.path)
        for each in frozenset(seen.watch.files)
        if "artifacts" in each.path.parts and is_in(secret, each.content)
    ]


def open_files_of_hub(seen: Seen, secret: str) -> list[str]:
    """Files in the spawner's folder, or temporary ones, that are not for their owner alone."""
    return [
        str(each.path)
        for each in frozenset(seen.watch.files)
        if not each.is_private and is_in(secret, each.content)
    ]


def open_files_of_host(seen: Seen, secret: str) -> list[str]:
    """Files of a host that some account can read which neither owns them nor is root."""
    found = (each for name in ON_HOST for each in _open_files(seen.host.root / name))
    return [str(file) for file in found if is_in(secret, file.read_bytes())]


def _open_files(place: Path) -> Iterator[Path]:
    if place.is_symlink():
        return
    if place.is_file() and place.stat().st_mode & (stat.S_IROTH | stat.S_IRGRP):
        yield place
    elif place.is_dir() and place.stat().st_mode & stat.S_IXOTH:
        for each in place.iterdir():
            yield from _open_files(each)


ON_MACHINES: Mapping[str, Search] = {
    search.__name__: search  # type: ignore[dict-item] # they are asked of Seen only
    for search in (
        seen_arguments,
        ansibles_environment,
        ansibles_artifacts,
        open_files_of_hub,
        open_files_of_host,
    )
}
"""Where a secret must never be while something is begun on a host or ended there."""
