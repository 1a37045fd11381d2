"""A machine that is not trusted: where nothing was ever made on it, there is nothing to give back."""

from datetime import timedelta

import pytest

from houses import Outside, is_released, until
from multiplespawner.application.ports.provider import NotTrusted, ResourceSpec
from multiplespawner.application.use_cases.start_session import SessionFailed
from multiplespawner.domain.values import Hardware
from multiplespawner.testing.fakes.memory_provider import MemoryProvider


class ProviderThatIsNotTrusted(MemoryProvider):
    """Shows the wrong key while it is `strange`, whatever it is asked."""

    strange = True

    def _called(self, method, about):
        super()._called(method, about)
        if self.strange:
            raise NotTrusted("host_key_mismatch", "another key", "The machine shows another key.")


async def test_nothing_is_held_of_a_machine_that_was_never_entered() -> None:
    """The start fails with the words of its provider, and at once nobody waits for the machine any more."""
    outside = Outside(provider=ProviderThatIsNotTrusted())
    house, request = outside.house(), outside.request()
    with pytest.raises(SessionFailed) as failed:
        await house.start(request)
    assert (failed.value.code, failed.value.message) == (
        "host_key_mismatch",
        "The machine shows another key.",
    )
    await until(lambda: is_released(house, request.resource))
    assert await outside.private.keys() == ()
    await house.close()


async def test_what_was_made_is_held_while_the_machine_is_not_trusted(outside: Outside) -> None:
    """It may still run there: it is destroyed once the machine shows the right key again."""
    provider = outside.provider = ProviderThatIsNotTrusted()
    provider.strange = False
    house, request = outside.house(), outside.request()
    await house.start(request)
    provider.strange = True
    await house.stop(request.session, "user", "stopped")
    await until(lambda: [method for method, _ in provider.calls].count("destroy") > 2)
    assert not await is_released(house, request.resource)
    provider.strange = False
    await until(lambda: is_released(house, request.resource))
    assert provider.instances == {}
    await house.close()


async def test_what_was_made_unheard_is_destroyed_once_the_machine_is_trusted() -> None:
    """Its lease was made, the answer was lost, and then it showed another key."""
    provider = ProviderThatIsNotTrusted()
    outside = Outside(provider=provider)
    house, request = outside.house(), outside.request()
    with pytest.raises(SessionFailed):
        await house.start(request)
    await until(lambda: is_released(house, request.resource))
    provider.strange = False
    token = f"{house.ledger.owner}-{request.resource}"
    await provider.ensure(token, ResourceSpec("bare_metal", Hardware()))
    outside.clock.advance(timedelta(minutes=1))
    await house.reconcile()
    await until(lambda: not provider.instances)
    await house.close()
