"""`check --watch` tells the report again at each change, until somebody interrupts it."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

TEMPLATE = {
    "name": "T",
    "resource_type": "bare_metal",
    "providers": ["local"],
    "class": "jupyterhub.spawner.SimpleLocalProcessSpawner",
}
LIMIT = 30
"""Seconds that a report may take; an edit is told within one on an idle machine."""

Until = Callable[..., str]


def write(folder: Path, entries: str) -> None:
    """Both files, the second as it is said."""
    (folder / "spawner_templates.json").write_text(json.dumps([TEMPLATE]))
    (folder / "spawner_deployment.json").write_text(entries)


def entry(*names: str) -> str:
    """A deployment file with entries of these names."""
    return json.dumps({"bare_metal": [{"name": name} for name in names]})


@pytest.fixture
def watching(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], Until]]:
    """The command at work on one offer, and what waits until it has written something and returns all."""
    write(tmp_path, entry("one"))
    written = tmp_path / "written"
    program = "from multiplespawner.adapters.inbound.cli import main; main()"
    command = [sys.executable, "-c", program, "check", "--watch", "--directory", str(tmp_path)]

    def until(text: str, times: int = 1) -> str:
        end = time.monotonic() + LIMIT
        while (said := written.read_text()).count(text) < times:
            assert time.monotonic() < end, said
            time.sleep(0.02)
        return said

    with written.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, env={**os.environ, "COLUMNS": "40"})
    try:
        yield process, until
    finally:
        process.kill()
        process.wait()


def interrupted(process: subprocess.Popen[bytes]) -> int:
    """The exit status after Ctrl-C."""
    process.send_signal(signal.SIGINT)
    return process.wait(LIMIT)


def test_each_edit_is_told(watching: tuple[subprocess.Popen[bytes], Until], tmp_path: Path) -> None:
    """Reports are apart and have their time; the last one gives the exit status."""
    process, until = watching
    until("0 errors, 0 warnings, 1 offer")
    write(tmp_path, entry("one", "two"))
    until("0 errors, 0 warnings, 2 offers")
    write(tmp_path, "{")
    said = until("1 error, 0 warnings, 0 offers")
    assert said.count("\n── ") == 3
    assert interrupted(process) == 1
    assert "Traceback" not in until("")


def test_a_corrected_configuration_ends_well(
    watching: tuple[subprocess.Popen[bytes], Until], tmp_path: Path
) -> None:
    """What was wrong in between does not count."""
    process, until = watching
    until("1 offer")
    write(tmp_path, "{")
    until("1 error")
    write(tmp_path, entry("one"))
    until("0 errors, 0 warnings, 1 offer", times=2)
    assert interrupted(process) == 0
