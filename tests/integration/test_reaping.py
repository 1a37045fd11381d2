"""The tests' own parent tells how they ended, and nobody's child stays behind as if it still ran."""

import subprocess
import sys

import pytest

import reaping

ORPHAN = "sh -c 'sleep 600 >/dev/null & echo $!'"


def run(script: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, reaping.__file__, "bash", "-c", script]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize(("script", "status"), [("exit 0", 0), ("exit 3", 3), ("kill -KILL $$", 137)])
def test_the_exit_status_is_the_commands(script, status):
    """Also where something else ended before it."""
    assert run(f"kill $({ORPHAN}); {script}").returncode == status


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets a process take in others")
def test_who_has_lost_its_parent_is_gone_when_it_ends():
    """The first process of this machine may look for it every few seconds only."""
    waiting = "for i in $(seq 500); do kill -0 $pid || exit 0; sleep 0.02; done; exit 1"
    assert run(f"pid=$({ORPHAN}); kill -KILL $pid; {waiting}").returncode == 0
