"""Lists of revoked certificates as sshd reads them."""

import subprocess
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

from .failures import SshFailed


def revocation_list(authorities: Iterable[str], serials: Iterable[int]) -> bytes:
    """A key revocation list of certificates that any of these CAs signed. Blocks; raises SshFailed."""
    with TemporaryDirectory(prefix="multiplespawner-krl-") as name:
        folder = Path(name)
        made, wanted = folder / "revoked", folder / "serials"
        wanted.write_text("".join(f"serial: {serial}\n" for serial in sorted(serials)))
        for number, authority in enumerate(authorities):
            key = folder / "ca.pub"
            key.write_text(f"{authority}\n")
            update = ("-u",) if number else ()
            _run("ssh-keygen", "-q", "-k", *update, "-f", str(made), "-s", str(key), str(wanted))
        return made.read_bytes()


def _run(*command: str) -> None:
    try:
        subprocess.run(command, capture_output=True, text=True, check=True, timeout=30)
    except FileNotFoundError as error:
        raise SshFailed("ssh_missing", "ssh-keygen is not installed: it is in openssh-client.") from error
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        said = " ".join(str(error.stderr or "").split())
        raise SshFailed("key_unusable", f"ssh-keygen can't write the list: {said or error}") from error
