"""Keys that were taken on trust when a host showed them first: from then on it must show them."""

import os
from pathlib import Path

from attrs import frozen

from ...ssh import known_hosts_text
from ...ssh.locked_folder import locked_folder


@frozen
class FirstUse:
    """A file in OpenSSH's format; its methods block, and raise SshFailed or OSError."""

    path: Path

    def keys_of(self, address: str, port: int) -> tuple[str, ...]:
        """What is recorded of a host; () for nothing."""
        host = _host(address, port)
        lines = self.path.read_text().splitlines() if self.path.exists() else ()
        return tuple(line.removeprefix(host) for line in lines if line.startswith(host))

    def record(self, address: str, port: int, key: str) -> tuple[str, ...]:
        """Record the key, unless another process was first; what is recorded then."""
        with locked_folder(self.path.parent):
            known = self.keys_of(address, port)
            if known:
                return known
            with open(self.path, "a", encoding="ascii", opener=_for_us_alone) as file:
                file.write(known_hosts_text(address, port, [key]))
                file.flush()
                os.fsync(file.fileno())
        return (key,)


def _host(address: str, port: int) -> str:
    return f"{address} " if port == 22 else f"[{address}]:{port} "


def _for_us_alone(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_CLOEXEC, 0o600)
