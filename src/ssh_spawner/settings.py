"""What a link is told: where the hub is, and how often to try."""

from attrs import frozen


@frozen
class Hub:
    """Where the hub's API is, seen from here: an address and a port, or a Unix socket."""

    address: str
    port: int = 0
    """0: `address` is the path of a socket."""


@frozen
class Pace:
    """Seconds between attempts to connect again, and for one; and for what waits for a connection."""

    first: float = 1.0
    longest: float = 60.0
    soon: float = 5.0
    """Pauses may be cut to this where somebody wants a connection: whoever looks at a notebook does, all the
    time, and sshd shuts out addresses that trouble it (PerSourcePenalties of OpenSSH 9.8 and later)."""
    spread: float = 2.0
    """Within which links of one host come back that were lost together."""
    steady: float = 60.0
    """A connection that was held for so long was no failure."""
    connect: float = 20.0
    keepalive: float = 15.0
    """Between two questions to the host; three without an answer end the connection."""
    patience: float = 10.0
    """For who wants to reach the notebook while there is no connection."""
