"""Claims on a file end with their process, and with nothing else."""

import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from multiplespawner.adapters.outbound.claims.ofd_lock_claims import OfdLockClaims
from multiplespawner.application.ports.claims import ClaimsUnavailable

HOLDER = """
import asyncio, os, pathlib, signal, sys
from multiplespawner.adapters.outbound.claims.ofd_lock_claims import OfdLockClaims
claims = OfdLockClaims(pathlib.Path(sys.argv[1]))
print(asyncio.run(claims.take("a")), flush=True)
if sys.argv[2:] and os.fork() > 0:
    signal.pause()
print("ready", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "claims.lock"


@pytest.fixture
def claims(path: Path) -> OfdLockClaims:
    return OfdLockClaims(path)


@contextmanager
def holder(path: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """A process that holds a claim on "a" until its end; its forked child, if any, lives on."""
    command = [sys.executable, "-c", HOLDER, path, *arguments]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert [process.stdout.readline() for _ in range(2)] == ["True\n", "ready\n"]
            yield process
        finally:
            process.kill()


async def test_killed_process_frees_its_claims(claims: OfdLockClaims, path: Path) -> None:
    """What a process held is free as soon as it is dead, also by kill -9."""
    with holder(path) as process:
        assert not await claims.take("a")
        process.send_signal(signal.SIGKILL)
        process.wait(10)
        assert await claims.take("a")


async def test_forked_child_keeps_nothing_alive(claims: OfdLockClaims, path: Path) -> None:
    """A child, forked without exec, that outlives a killed process holds none of its claims."""
    with holder(path, "fork") as process:
        assert not await claims.take("a")
        process.send_signal(signal.SIGKILL)
        process.wait(10)
        assert await claims.take("a")


async def test_child_that_ends_frees_nothing(claims: OfdLockClaims, path: Path) -> None:
    """A child's end, forked or executed, leaves our claims as they are."""
    await claims.take("a")
    subprocess.run([sys.executable, "-c", ""], check=True, close_fds=False)
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    rival = OfdLockClaims(path)
    assert await claims.holds("a")
    assert not await rival.take("a")
    await claims.close()


async def test_one_descriptor(claims: OfdLockClaims, path: Path) -> None:
    """Many claims cost one open file, ours alone."""
    before = len(os.listdir("/proc/self/fd"))
    for number in range(1000):
        await claims.take(str(number))
    assert len(os.listdir("/proc/self/fd")) == before + 1
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    await claims.close()
    assert len(os.listdir("/proc/self/fd")) == before


async def test_deleted_file(claims: OfdLockClaims, path: Path) -> None:
    """Where somebody deletes the file our claims are worth nothing, and we know it."""
    await claims.take("a")
    path.unlink()
    assert not await claims.holds("a")
    rival = OfdLockClaims(path)
    assert await rival.take("a")
    assert not await claims.take("a")
    await rival.close()
    await claims.close()


async def test_no_place_for_the_file(tmp_path: Path) -> None:
    """Where the file can't be made nobody can know who holds what."""
    (tmp_path / "file").touch()
    with pytest.raises(ClaimsUnavailable):
        await OfdLockClaims(tmp_path / "file" / "claims.lock").take("a")
