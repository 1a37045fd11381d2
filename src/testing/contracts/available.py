"""What every provider does that says what it has left."""

from datetime import timedelta

import attrs
import pytest

from ...application.ports.provider import Availability, Available, InvalidSpec, Provider, ResourceSpec
from ..patience import patiently


class AvailableContract:
    """A part of the providers' suite; it asks nothing of a provider that doesn't say."""

    async def test_what_it_has_left(self, provider: Provider, spec: ResourceSpec) -> None:
        """It counts from nothing, and who may have one now waits for none."""
        if isinstance(provider, Available):
            told = await patiently(provider.availability, spec)
            assert isinstance(told, Availability)
            assert told.free is None or told.free >= 0
            assert told.wait is None or (told.wait >= timedelta() and not told.free)

    async def test_what_it_never_has(self, provider: Provider, spec: ResourceSpec) -> None:
        """What it does not offer is refused, or not known of."""
        if isinstance(provider, Available):
            try:
                told = await patiently(provider.availability, attrs.evolve(spec, type="no such type"))
            except InvalidSpec:
                return
            if told.free:
                pytest.fail("it has some left of what it does not offer")
