"""The keys of one deployment: two, with a certificate each, in a folder that is destroyed with it."""

import json
import secrets
import shutil
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import asyncssh
import cattrs
from attrs import frozen

from ....application.ports.authenticator import Access, Credentials, Target
from ..ssh import SshFailed, UserCa, fingerprint, known_hosts_text
from ..ssh.host_keys import DEFAULT_PORT
from ..ssh.key_files import certificate_file, certificate_of, note_trust, write_private

NOTEBOOK = "notebook"
CONFIGURING = "configuring"

SERIAL_BITS = 48
"""Wide enough for no two deployments to draw the same."""


@frozen
class Made:
    """What is remembered of what was made."""

    serial: int | None
    """Of all certificates of the deployment, also renewed ones: who revokes it, revokes them all."""
    host_key: str
    """Fingerprint."""
    key_file: str | None
    """Another private key with which the account that configures is entered."""


@frozen
class SessionKeys:
    """Makes, signs and destroys; all methods block, and raise SshFailed or OSError."""

    target: Target

    @property
    def administrator(self) -> str:
        """Who configures."""
        return self.target.administrator or self.target.account

    @property
    def notebook(self) -> Access:
        """The way in for the notebook."""
        return self._access(self.target.account, NOTEBOOK)

    @property
    def configuring(self) -> Access:
        """The way in for whoever configures."""
        return self._access(self.administrator, CONFIGURING)

    def make(self, host_keys: tuple[str, ...]) -> None:
        """Write new keys, and what the host must show."""
        self.target.folder.mkdir(mode=0o700, exist_ok=True)
        self.target.folder.chmod(0o700)
        destroy(self.target.folder)
        known = known_hosts_text(self.notebook.address, self.notebook.port, host_keys)
        write_private(self.notebook.known_hosts_file, known)
        for access in (self.notebook, self.configuring):
            key = asyncssh.generate_private_key("ssh-ed25519", comment="multiplespawner")
            write_private(access.key_file, key.export_private_key("openssh").decode())
            write_private(_public(access.key_file), key.export_public_key("openssh").decode())

    def sign(
        self, ca: UserCa, serial: int, seconds: int, identity: str, source_address: Sequence[str]
    ) -> None:
        """Issue certificates that begin now; only the notebook's lets ports through."""
        for access, forwards in ((self.notebook, True), (self.configuring, False)):
            signed = ca.sign(
                _public(access.key_file).read_text(),
                principals=[access.user],
                serial=serial,
                seconds=seconds,
                key_id=f"{identity}-{access.key_file.name}-{access.user}",
                port_forwarding=forwards,
                source_address=source_address,
            )
            write_private(certificate_file(access.key_file), f"{signed}\n")

    def remember(self, made: Made, *, certified: bool) -> None:
        """Keep what a later renewal needs, and whether the host has let a certificate in."""
        if certified:
            note_trust(self.notebook.key_file, self.administrator)
        write_private(self._memory, json.dumps(cattrs.unstructure(made)))

    def made(self) -> Made:
        """What was made; raises SshFailed if nothing is there."""
        try:
            return cattrs.structure(json.loads(self._memory.read_text()), Made)
        except FileNotFoundError as error:
            raise SshFailed(
                "credentials_missing",
                "There are no keys for this machine any more. Stop the server and start it again.",
            ) from error

    def credentials(self) -> Credentials:
        """What lies there, for those who enter."""
        made, public = self.made(), _public(self.notebook.key_file).read_text().strip()
        configuring = self.configuring
        if made.key_file is not None:
            configuring = self._access(self.administrator, made.key_file)
        return Credentials(
            notebook=self.notebook,
            configuring=configuring,
            public_key=public,
            fingerprint=fingerprint(public),
            serial=made.serial,
            until=self._until(),
            host_key=made.host_key,
        )

    def _until(self) -> datetime | None:
        certificate = certificate_of(self.notebook.key_file)
        return None if certificate is None else certificate.until

    def _access(self, user: str, key: str) -> Access:
        """`key` is a name in the folder, or the whole path of a key elsewhere."""
        endpoint, folder = self.target.endpoint, self.target.folder
        return Access(
            endpoint.address or "",
            endpoint.port or DEFAULT_PORT,
            user,
            folder / key,
            folder / "known_hosts",
        )

    @property
    def _memory(self) -> Path:
        return self.target.folder / "made.json"


def new_serial() -> int:
    """A serial that is hardly drawn twice, and never 0, which stands for none."""
    return secrets.randbits(SERIAL_BITS) or 1


def destroy(folder: Path) -> None:
    """Remove all files of a deployment; none left is success."""
    if folder.is_dir():
        for file in folder.iterdir():
            if file.is_dir() and not file.is_symlink():
                shutil.rmtree(file)
            else:
                file.unlink(missing_ok=True)


def _public(key_file: Path) -> Path:
    return key_file.with_name(f"{key_file.name}.pub")
