"""Providers whose machines outlast what is rented of them: they remember how a machine is set up."""

from typing import Protocol, runtime_checkable


@runtime_checkable
class KeepsApplied(Protocol):
    """What a provider may do besides: keep with a machine the digests of what configurers applied to it.

    `Instance.applied` of `get` tells them. What is applied may undo what was applied before, unless both
    digests begin with the same 32 digits (see `Configurer.digest`): only such are kept together. A machine
    that is made anew has none.
    """

    async def keep_applied(self, id: str, digest: str) -> None:  # noqa: A002 - the provider's own word
        """It was applied: keep the digest, and none that doesn't begin as it does. Safe to repeat.

        Raises InvalidSpec for what is no digest, NotFound, AuthFailed, Unavailable.
        """

    async def forget_applied(self, id: str, digest: str) -> None:  # noqa: A002
        """It is to be applied, or did not help: forget the digest, and all that don't begin as it does.

        Safe to repeat. Raises as `keep_applied`.
        """
