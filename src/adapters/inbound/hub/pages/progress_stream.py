"""The hub's own stream of progress events, with our steps for whoever asks."""

from jupyterhub.apihandlers.users import SpawnProgressAPIHandler

from ..progress import STEPS_WANTED

STEPS = "steps"
"""Key of the query that asks for them."""


class ProgressStream(SpawnProgressAPIHandler):  # type: ignore[misc] # the hub has no types
    """The hub's, where `?steps=1` has every step of the log told beside what the inner spawner says."""

    async def get(self, user_name: str, server_name: str = "") -> None:
        """Stream the events."""
        # a request has a context of its own
        STEPS_WANTED.set(bool(self.get_query_argument(STEPS, "")))
        await super().get(user_name, server_name)
