"""Which keys a host must show: those somebody vouches for, those pinned here, or those of its first use."""

import asyncio
from pathlib import Path

from attrs import frozen

from ..ssh import SshFailed, fingerprint, known_hosts_text, shown_host_key
from ..ssh.failures import place
from ..ssh.pinned_hosts import PinnedHosts


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

    @property
    def _pins(self) -> PinnedHosts:
        return PinnedHosts(self.file)

    async def keys(self, address: str, port: int, vouched: tuple[str, ...]) -> tuple[str, ...]:
        """Lines of keys, or of CAs of hosts, of which the host must show one.

        Raises SshFailed: nobody knows the host, and first sight is not enough.
        """
        if vouched:
            return vouched
        pinned = await asyncio.to_thread(self._pins.keys, address, port)
        if pinned:
            return pinned
        shown = await shown_host_key(address, port)
        if not self.accepts_new:
            raise self._unknown(address, port, shown)
        return await asyncio.to_thread(self._pins.pin, address, port, shown)

    def advice(self, vouched: tuple[str, ...]) -> str:
        """What to do where the host has rightly got another key."""
        where = "what vouches for it: the provider's settings" if vouched else f"its line in {self.file}"
        return f"If it was set up anew, correct {where}."

    def _unknown(self, address: str, port: int, shown: str) -> SshFailed:
        line = known_hosts_text(address, port, [shown]).strip()
        return SshFailed(
            "host_key_unknown",
            f"The host {place(address, port)} shows the key {fingerprint(shown)}, and nothing says whether "
            "it is the right one. Compare it with what `ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub` "
            "prints on the host. If they are the same, pin it: in the provider's settings (host_key: "
            f"{shown!r}), or as a line of {self.file} on the hub: {line}",
        )
