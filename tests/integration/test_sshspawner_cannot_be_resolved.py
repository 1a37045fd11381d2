"""Why sshspawner's class path is served by a class of our own; where one fails, think again."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

HUB = "jupyterhub>=6.1"
AGAIN = (
    "sshspawner may be usable again: reconsider the decision (docs/adr) to serve its class path by our own"
)

Resolve = Callable[..., tuple[bool, str, dict[str, str]]]


@pytest.fixture
def resolve(tmp_path: Path, unavailable: Callable[[str], NoReturn]) -> Resolve:
    """Asks pip what it would install: whether it found an answer, what it said, and versions by name."""

    def ask(*requirements: str) -> tuple[bool, str, dict[str, str]]:
        report = tmp_path / "report.json"
        command = [sys.executable, "-m", "pip", "install", "--dry-run", "--ignore-installed"]
        command += ["--only-binary", ":all:", "--report", str(report), *requirements]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300)
        if done.returncode == 0:
            found = json.loads(report.read_text())["install"]
            return True, "", {i["metadata"]["name"]: i["metadata"]["version"] for i in found}
        if "ResolutionImpossible" not in done.stderr:
            unavailable(f"pip gave no answer: {done.stderr.strip().splitlines()[-1:]}")
        return False, done.stdout, {}

    return ask


def test_the_newest_cannot_be_resolved_beside_this_hub(resolve: Resolve) -> None:
    """0.0.1a5 pins traitlets below what the hub needs."""
    resolved, said, _ = resolve(HUB, "sshspawner>=0.0.1a5")
    assert not resolved, AGAIN
    assert "traitlets==" in said


def test_an_older_one_takes_the_hub_back_to_a_cryptography_of_2020(resolve: Resolve) -> None:
    """Without a version pip falls back to 0.0.1a4, silently, and with it to cryptography 3.2.1."""
    resolved, _, versions = resolve(HUB, "sshspawner")
    assert resolved
    assert (versions["sshspawner"], versions["cryptography"]) == ("0.0.1a4", "3.2.1"), AGAIN


def test_no_version_can_be_resolved_with_a_maintained_cryptography(resolve: Resolve) -> None:
    """Every version pins it."""
    resolved, said, _ = resolve(HUB, "sshspawner>=0.0.1a1", "cryptography>=42")
    assert not resolved, AGAIN
    assert "cryptography==" in said
