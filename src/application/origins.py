"""Who makes a change, for the log."""

from ..domain.session import Session
from .ports.event_log import Origin


def hub_for(session: Session) -> Origin:
    """The hub, on behalf of the session's user; of nobody while the session is new."""
    return Origin("hub", str(session.server.user) if session.server else None)
