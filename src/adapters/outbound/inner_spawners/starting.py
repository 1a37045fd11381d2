"""Start a child while the outer spawner's port is passed on to it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from jupyterhub.spawner import Spawner
from jupyterhub.utils import maybe_future


async def begin(outer: Spawner, child: Spawner) -> Any:
    """Run the child's `start` and return its answer; its API token goes to the outer spawner.

    A resumed container keeps the token it had. Raises what the child raises.
    """
    try:
        with _port_passed_on(outer, child):
            answer = await maybe_future(child.start())
    finally:
        child.handler = None  # as the hub does: a request must not be used after it
    if child.api_token:
        outer.api_token = child.api_token
    return answer


@contextmanager
def _port_passed_on(outer: Spawner, child: Spawner) -> Iterator[None]:
    """Batchspawner's job tells its port to the spawner that the hub knows, while the child waits for it."""

    def pass_on(change: Any) -> None:
        child.port = change["new"]

    outer.observe(pass_on, names="port")
    try:
        yield
    finally:
        outer.unobserve(pass_on, names="port")
