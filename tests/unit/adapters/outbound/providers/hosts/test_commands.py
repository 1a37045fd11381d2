"""Given the commands that a host's login shell is to run, then our script is run, as root if possible."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from multiplespawner.adapters.outbound.providers.hosts.asking import AS_ROOT, PLAIN

LOGIN_SHELLS = [name for name in ("sh", "bash", "dash", "zsh", "csh", "fish") if shutil.which(name)]
SCRIPT = 'echo "who $(id -u)"; echo trouble >&2\necho the last line\n'

FAKES = {
    "id": "#!/bin/sh\necho ${WHO:-1000}\n",
    "sudo": """#!/bin/sh
echo "$*" >>"$CALLS"
[ "$1" = -n ] && [ -n "${MAY-}" ] || exit 1
shift
WHO=0 exec "$@"
""",
}
"""As on a host where we are somebody else, who may use sudo where MAY is set."""


def said(shell: str, command: str, folder: Path, **variables: str) -> list[str]:
    """What a login shell says that runs a command with the script on its input, with the fakes in front."""
    for name, text in FAKES.items():
        (folder / name).write_text(text)
        (folder / name).chmod(0o755)
    path = f"{folder}:{os.environ['PATH']}"
    environment = {"PATH": path, "CALLS": str(folder / "calls"), "HOME": str(folder), **variables}
    ran = subprocess.run(
        [shell, "-c", command], input=SCRIPT, env=environment, capture_output=True, text=True, timeout=30
    )
    assert (ran.stderr, ran.returncode) == ("", 0)
    return ran.stdout.splitlines()


@pytest.mark.parametrize("shell", LOGIN_SHELLS)
@pytest.mark.parametrize(
    ("command", "may", "who"), [(PLAIN, "yes", "1000"), (AS_ROOT, "yes", "0"), (AS_ROOT, "", "1000")]
)
def test_who_runs_the_script(shell: str, command: str, may: str, who: str, tmp_path: Path) -> None:
    """What it says of troubles comes with its answers, and its input is whole."""
    lines = said(shell, command, tmp_path, **({"MAY": may} if may else {}))
    assert lines == [f"who {who}", "trouble", "the last line"]


def test_root_needs_no_sudo(tmp_path: Path) -> None:
    """Nor is it asked for where nothing needs it."""
    assert said("sh", AS_ROOT, tmp_path, WHO="0", MAY="yes")[0] == "who 0"
    assert said("sh", PLAIN, tmp_path, MAY="yes")[0] == "who 1000"
    assert not (tmp_path / "calls").exists()


def test_sudo_never_asks_for_a_password(tmp_path: Path) -> None:
    """It is only called so that it refuses instead."""
    said("sh", AS_ROOT, tmp_path, MAY="yes")
    said("sh", AS_ROOT, tmp_path)
    calls = (tmp_path / "calls").read_text().splitlines()
    assert len(calls) == 3
    assert all(call.startswith("-n ") for call in calls)
