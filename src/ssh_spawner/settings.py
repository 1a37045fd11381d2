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
    connect: float = 20.0
    keepalive: float = 15.0
    """Between two questions to the host; three without an answer end the connection."""
    patience: float = 10.0
    """For who wants to reach the notebook while there is no connection."""
