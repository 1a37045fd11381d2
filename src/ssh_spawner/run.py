"""What is known of one notebook on a host: enough to find it again, and no secret."""

from collections.abc import Mapping
from typing import Any

import attrs
from attrs import frozen


@frozen
class Run:
    """One notebook, started once."""

    host: str
    port: int
    """Of sshd."""
    user: str
    """Unix account there."""
    token: str
    """Mark of its processes, name of its folder."""
    base: str
    """Where folders of notebooks lie: in the account's home, unless absolute."""
    pid: int | None = None
    """Of the notebook; None until it is started."""
    born: int | None = None
    """Its start, in clock ticks since boot."""
    boot: str = ""
    """Identifies the host's boot; "" where it doesn't tell."""
    notebook_port: int = 0
    """On the host's loopback."""
    hub_port: int = 0
    """There too: leads to the hub."""
    local_port: int = 0
    """On this machine's loopback: leads to the notebook."""
    folder: str = ""
    sockets: str = ""
    """Folder on the host in which each connection makes its way to the hub."""

    def document(self) -> dict[str, Any]:
        """It as JSON."""
        return attrs.asdict(self)

    @classmethod
    def read(cls, document: Any) -> "Run | None":
        """What `document` gave; None where it is something else."""
        if not isinstance(document, Mapping):
            return None
        names = {field.name for field in attrs.fields(cls)}
        try:
            return cls(**{name: value for name, value in document.items() if name in names})
        except TypeError:
            return None

    def started(self, told: Mapping[str, Any]) -> "Run":
        """With what the host told of its start."""
        return attrs.evolve(
            self,
            pid=told["pid"],
            born=told["born"],
            boot=told["boot"],
            notebook_port=told["port"],
            hub_port=told["hub_port"],
            folder=told["folder"],
            sockets=told["sockets"],
        )

    def at(self, port: int) -> "Run":
        """With the port of this machine that leads to it."""
        return attrs.evolve(self, local_port=port)

    def named(self) -> dict[str, Any]:
        """What a question about it says of it."""
        return {"token": self.token, "base": self.base, "pid": self.pid, "born": self.born, "boot": self.boot}
