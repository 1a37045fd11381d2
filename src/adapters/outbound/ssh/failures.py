"""Why a host could not be entered, in words for whoever wanted to."""

INSTALL = "pip install 'multiplespawner[ssh]'"
"""Brings what this package needs to speak SSH."""

RETRIED = frozenset({"host_unreachable", "connection_lost"})
"""Codes of what may be over by the next attempt."""


class SshFailed(Exception):
    """A host could not be entered, or was lost.

    `code` is one of host_unreachable, connection_lost, host_key_unknown, host_key_mismatch, login_refused,
    certificate_expired, key_unusable, ssh_missing; `message` is for the user: sentences without secrets.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message

    @property
    def may_retry(self) -> bool:
        """Whether the same may work in a while, with nothing changed by anybody."""
        return self.code in RETRIED


def of_system(error: OSError, where: object) -> str:
    """`FILE: No space left on device`; errors of writing name no file: `where` stands for it."""
    return f"{error.filename or where}: {error.strerror or error}"


def place(address: str, port: int) -> str:
    """How a host is called in a sentence."""
    return address if port == 22 else f"{address} (port {port})"


def unreachable(address: str, port: int, why: str) -> SshFailed:
    """Nothing answers there, or nothing that speaks SSH."""
    return SshFailed(
        "host_unreachable",
        f"The host {place(address, port)} can't be reached over SSH: {why}. Check that it runs, that sshd "
        "listens there and that no firewall between it and the hub is in the way.",
    )


def lost(address: str, port: int, why: str) -> SshFailed:
    """It was there and is not any more."""
    return SshFailed("connection_lost", f"The SSH connection to {place(address, port)} was lost: {why}.")


def without_asyncssh(error: ImportError) -> SshFailed:
    """The library is an extra."""
    return SshFailed("ssh_missing", f"SSH needs asyncssh, which can't be imported ({error}): {INSTALL}")
