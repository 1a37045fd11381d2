"""Leftovers: what lies in the private store for deployments that are over, or never came to be."""

from collections.abc import Container

from attrs import field, frozen

from .ports.event_log import EventLog
from .ports.private_store import PrivateStore

ROUNDS = 2
"""Rounds after a start in which leftovers are looked for: only a crash leaves any."""


@frozen
class Leftovers:
    """Destroys them."""

    log: EventLog
    private: PrivateStore
    _seen: list[frozenset[str]] = field(factory=list, init=False)

    async def clean(self, held: Container[str]) -> None:
        """Forget all but what belongs to `held` resources; what the log does not know is left for a round."""
        if len(self._seen) >= ROUNDS:
            return
        unknown = set()
        for deployment in {key.split("/")[1] for key in await self.private.keys("deployment/")}:
            records = await self.log.read(f"deployment:{deployment}")
            if not records:
                unknown.add(deployment)
            elif getattr(records[0].fact, "resource", None) not in held:
                await self.private.forget(f"deployment/{deployment}")
        # a document is written just before its request becomes durable
        for deployment in unknown.intersection(*self._seen) if self._seen else ():
            await self.private.forget(f"deployment/{deployment}")
        self._seen.append(frozenset(unknown))
