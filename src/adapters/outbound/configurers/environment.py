"""The whole environment of a run: nothing of the hub's, as ansible-runner hands on and notes all of it."""

import shutil
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from .run_folder import RunFolder

PATH = ("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin")


def search_path() -> str:
    """Where programs of a run are looked for: first beside our own Python, where Ansible is installed."""
    return ":".join((str(Path(sys.executable).parent), *PATH))


def program(name: str) -> str | None:
    """Where a program of a run lies; None if there is none."""
    return shutil.which(name, path=search_path())


def environment(
    run: RunFolder, ssh: str, roles: Iterable[Path], collections: Iterable[Path]
) -> Mapping[str, str]:
    """Environment of a run; `ssh` are OpenSSH's arguments, quoted for a shell, the rest paths of its own."""
    folder = run.folder
    return {
        "PATH": search_path(),
        "LC_ALL": "C.UTF-8",
        "HOME": str(folder / "home"),
        "TMPDIR": str(folder / "tmp"),
        "ANSIBLE_HOME": str(folder / "home"),
        "ANSIBLE_CONFIG": str(folder / "ansible.cfg"),
        "ANSIBLE_LOCAL_TEMP": str(folder / "tmp"),
        "ANSIBLE_ROLES_PATH": _joined(roles, folder / "home"),
        "ANSIBLE_COLLECTIONS_PATH": _joined(collections, folder / "home"),
        "ANSIBLE_HOST_KEY_CHECKING": "True",
        "ANSIBLE_SSH_ARGS": ssh,
        "ANSIBLE_SSH_CONTROL_PATH_DIR": str(run.control),
        # certificates for this permit no terminal
        "ANSIBLE_SSH_USETTY": "False",
        "ANSIBLE_PIPELINING": "True",
        "ANSIBLE_NO_TARGET_SYSLOG": "True",
        "ANSIBLE_NOCOLOR": "True",
        "ANSIBLE_DEPRECATION_WARNINGS": "False",
    }


def _joined(paths: Iterable[Path], otherwise: Path) -> str:
    return ":".join(map(str, paths)) or str(otherwise)
