"""What every provider does that remembers how its machines are set up."""

from typing import Protocol

import pytest

from ...application.ports.keeps_applied import KeepsApplied
from ...application.ports.provider import Provider, ResourceSpec
from ..patience import patiently

ALIKE = "a" * 32


class KeepingProvider(KeepsApplied, Provider, Protocol):
    """Both ports."""


@pytest.mark.asyncio
class KeepsAppliedContract:
    """Inherit it beside the providers' suite, for a provider with one machine that outlasts its leases."""

    @pytest.fixture
    def keeper(self, provider: KeepingProvider) -> KeepingProvider:
        """The provider under test."""
        assert isinstance(provider, KeepsApplied)
        return provider

    async def test_what_was_applied_outlasts_a_lease(
        self, keeper: KeepingProvider, spec: ResourceSpec, token: str
    ) -> None:
        """It is told of the next one, until it is forgotten; twice is once."""
        digest = f"{ALIKE}{'0' * 32}"
        first = await patiently(keeper.ensure, token, spec)
        for _ in range(2):
            await patiently(keeper.keep_applied, first.id, digest)
        assert (await patiently(keeper.get, first.id)).applied == (digest,)
        await patiently(keeper.destroy, first.id)
        second = await patiently(keeper.ensure, f"{token[:-1]}0", spec)
        assert (await patiently(keeper.get, second.id)).applied == (digest,)
        for _ in range(2):
            await patiently(keeper.forget_applied, second.id, digest)
            assert (await patiently(keeper.get, second.id)).applied == ()

    @pytest.mark.parametrize("what", ["keep_applied", "forget_applied"])
    async def test_only_what_is_alike_is_kept_together(
        self, keeper: KeepingProvider, spec: ResourceSpec, token: str, what: str
    ) -> None:
        """Another recipe is to be applied, or was: what was applied before may be undone."""
        one, two, other = f"{ALIKE}{'0' * 32}", f"{ALIKE}{'1' * 32}", f"{'b' * 32}{'0' * 32}"
        made = await patiently(keeper.ensure, token, spec)
        for digest in (one, two):
            await patiently(keeper.keep_applied, made.id, digest)
        assert set((await patiently(keeper.get, made.id)).applied) == {one, two}
        await patiently(getattr(keeper, what), made.id, other)
        left = {other} if what == "keep_applied" else set()
        assert set((await patiently(keeper.get, made.id)).applied) == left
        await patiently(keeper.forget_applied, made.id, other)
