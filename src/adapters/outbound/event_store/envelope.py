"""The envelope around a fact, and its stored form."""

import hashlib
import json
from datetime import datetime

from attrs import frozen
from eventsourcing.persistence import JSONTranscoder, Mapper, Notification, StoredEvent

from ....application.ports.event_log import LogDamaged, Record
from ....domain.catalogue import Fact
from .fact_codec import FactCodec, UnreadableFact

STRICT_JSON = json.JSONEncoder(separators=(",", ":"), allow_nan=False)


@frozen
class Header:
    """Who wrote a fact, when and after what."""

    time: datetime
    actor: str
    on_behalf_of: str | None
    request_id: str | None
    software: str
    previous: str
    append: str
    """Random mark of the append that wrote it: an append whose reply was lost is recognised by it."""


@frozen
class Envelope:
    """A fact on its way into or out of the store; the library asks for the first two names."""

    originator_id: str
    originator_version: int
    header: Header
    fact: Fact


def digest(stored: StoredEvent) -> str:
    """SHA-256 (hex) of a record as it lies in the store, its place in the stream included."""
    place = json.dumps([stored.originator_id, stored.originator_version, stored.topic])
    # SQLite hands out text where somebody wrote text into the column: it is hashed, not trusted.
    state = stored.state if isinstance(stored.state, bytes) else str(stored.state).encode()
    return hashlib.sha256(place.encode() + b"\n" + state).hexdigest()


def damaged(stored: StoredEvent, why: str) -> LogDamaged:
    """The error that names a record."""
    stream, version = str(stored.originator_id), stored.originator_version
    position = stored.id if isinstance(stored, Notification) else None
    return LogDamaged(f"record {version} of {stream} {why}", stream, version, position)


def record(envelope: Envelope, name: str, position: int, digest: str) -> Record:
    """What the application sees of an envelope that lies in the log."""
    header = envelope.header
    return Record(
        stream=envelope.originator_id,
        version=envelope.originator_version,
        position=position,
        name=name,
        time=header.time,
        actor=header.actor,
        on_behalf_of=header.on_behalf_of,
        request_id=header.request_id,
        software=header.software,
        previous=header.previous,
        fact=envelope.fact,
        digest=digest,
    )


class EnvelopeMapper(Mapper[str]):
    """Maps envelopes by the explicit names of the catalogue; never by a class path that stands in the log."""

    def __init__(self, codec: FactCodec | None = None) -> None:
        super().__init__(JSONTranscoder())
        self._codec = codec or FactCodec()

    def to_stored_event(self, domain_event: Envelope) -> StoredEvent:  # type: ignore[override]
        """The stored form: name as topic, strict JSON as state; raises ValueError for what JSON can't say."""
        name, version, payload = self._codec.dump(domain_event.fact)
        header = self._codec.converter.unstructure(domain_event.header)
        document = {**header, "payload_version": version, "fact": payload}
        state = STRICT_JSON.encode(document).encode()
        return StoredEvent(domain_event.originator_id, domain_event.originator_version, name, state)

    def to_domain_event(self, stored_event: StoredEvent) -> Envelope:
        """The envelope that was stored; raises LogDamaged."""
        try:
            document = json.loads(stored_event.state)
            version, payload = document.pop("payload_version"), document.pop("fact")
            header = self._codec.converter.structure(document, Header)
            fact = self._codec.load(stored_event.topic, version, payload)
        except UnreadableFact as error:
            raise damaged(stored_event, f"can't be read: {error}") from error
        except Exception as error:
            raise damaged(stored_event, f"has a broken envelope: {error}") from error
        return Envelope(str(stored_event.originator_id), stored_event.originator_version, header, fact)

    def to_record(self, stored: Notification) -> Record:
        """What the application sees of a stored record; raises LogDamaged."""
        return record(self.to_domain_event(stored), stored.topic, stored.id, digest(stored))
