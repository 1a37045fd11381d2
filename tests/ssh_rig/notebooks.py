"""JupyterHub's notebook server where every account of every host can run it."""

import fcntl
import shutil
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

SHELF = Path("/var/lib/multiplespawner-tests")
"""Hosts see it, as they see all of /var; stays for the next run."""

PYTHON = Path("/usr/bin/python3")
"""Hosts have it, and every account can run it, wherever ours lies."""


def programs() -> Path:
    """Folder with jupyterhub-singleuser and jupyter-lab in our versions; made if it is missing.

    Takes a minute the first time. Raises CalledProcessError when the packages can't be had.
    """
    wanted = [f"{name}=={found}" for name in ("jupyterhub", "jupyterlab") if (found := _version(name))]
    folder = SHELF / "-".join(wanted).replace("==", "-")
    SHELF.mkdir(mode=0o755, parents=True, exist_ok=True)
    with (SHELF / "lock").open("w") as lock:
        # several runs may want it at once
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "complete").exists():
            _install(folder, wanted)
            (folder / "complete").touch()
    return folder / "bin"


def _install(folder: Path, wanted: list[str]) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    commands: list[list[str | Path]] = [
        [PYTHON, "-m", "venv", folder],
        [folder / "bin/python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *wanted],
    ]
    for command in commands:
        subprocess.run(command, check=True, umask=0o022, capture_output=True, text=True, timeout=900)


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
