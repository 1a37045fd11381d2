"""Requests on their way to the log: what is kept for them already must not be taken for left over."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from attrs import field, frozen

from .ports.claims import Claims, ClaimsUnavailable


@frozen
class Coming:
    """Deployments that are being requested, here or by another process: who requests one has its claim."""

    _claims: Claims
    _here: set[str] = field(factory=set, init=False)

    @asynccontextmanager
    async def begun(self, deployment: str) -> AsyncIterator[None]:
        """While the deployment, of which nothing is kept yet, is requested here. Raises ClaimsUnavailable."""
        self._here.add(deployment)
        try:
            await self._claims.take(deployment)
            yield
        finally:
            self._here.discard(deployment)
            # with the connection that could not be used the claim is gone
            with suppress(ClaimsUnavailable):
                await self._claims.give_back(deployment)

    async def may_have(self, deployment: str) -> bool:
        """Whether it may still come; of what was kept for it, no more will be requested once it can't."""
        if deployment in self._here:
            return True
        try:
            is_free = await self._claims.take(deployment)
        except ClaimsUnavailable:
            return True
        if is_free:
            await self._claims.give_back(deployment)
        return not is_free
