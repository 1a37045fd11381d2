"""The files of one run, all for us alone, gone with it."""

import json
import os
import shlex
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from attrs import define, field

from ....application.ports.authenticator import Access
from .literal_values import literal
from .ssh_arguments import arguments

HOST = "resource"
"""What the resource is called in the inventory."""

_LONGEST = 45
"""Bytes of the folder for shared connections: OpenSSH adds 58, and a socket's path has 108 with its end."""


@define
class RunFolder:
    """A folder as ansible-runner takes it, with a home of its own."""

    folder: Path
    control: Path | None = field(default=None, init=False)
    """Where shared connections lie, under a short name; None until it is made."""

    def make(self) -> None:
        """Make the folders."""
        self.folder.chmod(0o700)
        for name in ("env", "home", "inventory/host_vars", "tmp"):
            (self.folder / name).mkdir(mode=0o700, parents=True, exist_ok=True)
        (self.folder / "inventory").chmod(0o700)
        self._write("ansible.cfg", "")
        self.control = _short_folder(self.folder)

    def write_inventory(self, group: str | None, extra: Mapping[str, Any], other: Path | None) -> None:
        """Write who is to be set up, what every host is told, and that another inventory is read, too."""
        self._write("inventory/hosts", f"[{group}]\n{HOST}\n" if group else f"{HOST}\n")
        self._write("env/extravars", json.dumps(extra))
        self._write("env/settings", json.dumps({"suppress_output_file": True}))
        if other:
            # what else is in it is not ours to set up
            self._write("env/cmdline", shlex.join(["-i", str(other), "--limit", HOST]))

    def write_variables(self, access: Access, variables: Mapping[str, Any]) -> None:
        """Write, or write anew, what is known of the resource; how it is entered can't be overridden."""
        entry = {**variables, **self._connection(access)}
        self._write(f"inventory/host_vars/{HOST}.json", json.dumps(entry))

    def ssh(self, access: Access) -> tuple[str, ...]:
        """Arguments of OpenSSH in this run."""
        assert self.control
        return arguments(access, self.control)

    def all(self) -> tuple[Path, ...]:
        """All folders that there are, to be removed."""
        return (self.folder, *((self.control,) if self.control else ()))

    def remove(self) -> None:
        """Remove everything; what is gone already is no error."""
        for folder in self.all():
            shutil.rmtree(folder, ignore_errors=True)

    def _connection(self, access: Access) -> Mapping[str, Any]:
        return {
            "ansible_connection": "ssh",
            "ansible_host": literal(access.address),
            "ansible_port": access.port,
            "ansible_user": literal(access.user),
            "ansible_ssh_private_key_file": literal(str(access.key_file)),
            "ansible_ssh_args": literal(shlex.join(self.ssh(access))),
            "ansible_ssh_common_args": "",
            "ansible_ssh_extra_args": "",
            "ansible_host_key_checking": True,
            "ansible_ssh_host_key_checking": True,
            "ansible_ssh_executable": "ssh",
        }

    def _write(self, name: str, text: str) -> None:
        file = self.folder / name
        file.unlink(missing_ok=True)
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(descriptor, "w", encoding="utf-8") as writing:
            writing.write(text)


def _short_folder(folder: Path) -> Path:
    for parent in (folder.resolve(), Path(tempfile.gettempdir()).resolve(), Path("/tmp")):  # noqa: S108
        made = Path(tempfile.mkdtemp(prefix="msp-", dir=parent))
        if len(os.fsencode(made)) <= _LONGEST:
            return made
        made.rmdir()
    return made
