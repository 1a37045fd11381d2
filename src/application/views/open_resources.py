"""Which resources may still be held."""

from collections.abc import Mapping

from ..ports.event_log import EventLog

_PAGE = 1000


async def open_resources(log: EventLog) -> Mapping[str, str]:
    """Ids of the resources that were requested and not released, each with its provider's name."""
    names = ("resource.requested", "resource.released")
    found: dict[str, str] = {}
    after = 0
    while records := await log.read_all(after, _PAGE, names):
        for record in records:
            id_ = record.stream.removeprefix("resource:")
            if record.name == "resource.released":
                found.pop(id_, None)
            else:
                found[id_] = getattr(record.fact, "provider", "")
        after = records[-1].position
    return found
