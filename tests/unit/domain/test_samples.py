"""Facts as they lie in logs that were written once can be read for ever."""

import json
from pathlib import Path
from typing import Any

import pytest
from eventsourcing.persistence import StoredEvent

from multiplespawner.adapters.outbound.event_store.envelope import EnvelopeMapper
from multiplespawner.adapters.outbound.event_store.fact_codec import FactCodec
from multiplespawner.domain.catalogue import FACTS

SAMPLES = json.loads((Path(__file__).parents[2] / "samples" / "facts.json").read_text())


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample["name"])
def test_sample_is_read(sample: dict[str, Any]) -> None:
    """A stored record becomes its fact, with nothing left out or made up."""
    stored = StoredEvent(sample["stream"], sample["version"], sample["name"], sample["state"].encode())
    envelope = EnvelopeMapper().to_domain_event(stored)
    document = json.loads(sample["state"])
    name, version, payload = FactCodec().dump(envelope.fact)
    assert type(envelope.fact) is FACTS[sample["name"]]
    assert name == sample["name"]
    # An older payload comes back as its newest version, which is another sample.
    if version == document["payload_version"]:
        assert json.loads(json.dumps(payload)) == document["fact"]


def test_every_fact_has_a_sample() -> None:
    """No fact is registered without a record of how it lies in the log, in its newest version."""
    codec = FactCodec()
    wanted = {(name, codec.versions.get(name, 1)) for name in FACTS}
    assert wanted <= {(s["name"], json.loads(s["state"])["payload_version"]) for s in SAMPLES}
