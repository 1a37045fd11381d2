"""Which keys a host must show: those somebody vouches for, those pinned here, or those of its first use."""

from pathlib import Path

from attrs import frozen

from ..ssh import SshFailed, known_hosts_text
from ..ssh.pinned_hosts import NotPinned, PinnedHosts


@frozen
class HostTrust:
    """What is pinned lies in `<directory>/ssh/known_hosts` (0600), where an administrator may write, too."""

    directory: Path
    accepts_new: bool
    """Whether a host that nobody knows is believed at first sight."""

    @property
    def file(self) -> Path:
        """What is pinned here."""
        return self.directory / "ssh" / "known_hosts"

    async def keys(self, address: str, port: int, vouched: tuple[str, ...]) -> tuple[str, ...]:
        """Lines of keys, or of CAs of hosts, of which the host must show one.

        Raises SshFailed: nobody knows the host, and first sight is not enough.
        """
        if vouched:
            return vouched
        try:
            return await PinnedHosts(self.file).trusted(address, port, accepts_new=self.accepts_new)
        except NotPinned as error:
            line = known_hosts_text(address, port, [error.shown]).strip()
            raise SshFailed(error.code, f"{error.message} {self._ask_for_pin(error.shown, line)}") from error

    def advice(self, vouched: tuple[str, ...]) -> str:
        """What to do where the host has rightly got another key."""
        where = "what vouches for it: the provider's settings" if vouched else f"its line in {self.file}"
        return f"If it was set up anew, correct {where}."

    def _ask_for_pin(self, shown: str, line: str) -> str:
        return (
            "Compare it with what `ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub` prints on the host. If "
            f"they are the same, pin it: in the provider's settings (host_key: {shown!r}), or as a line of "
            f"{self.file} on the hub: {line}"
        )
