"""A server of SSH on the test's own loop that lets everybody in and answers nothing that is asked for."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import asyncssh


class LetsIn(asyncssh.SSHServer):
    """Everybody, without a question."""

    def begin_auth(self, username):
        return False


class _Silent(LetsIn):
    async def _never(self):
        await asyncio.Event().wait()

    def session_requested(self):
        return self._never()

    def connection_requested(self, *_):
        return self._never()

    def unix_connection_requested(self, *_):
        return self._never()

    def unix_server_requested(self, *_):
        return self._never()


@asynccontextmanager
async def silent_sshd(**given) -> AsyncIterator[Callable]:
    """What makes connections to it; `given` is what asyncssh's `listen` takes."""
    key = asyncssh.generate_private_key("ssh-ed25519")
    given = {"server_factory": _Silent, **given}
    async with asyncssh.listen("127.0.0.1", 0, server_host_keys=[key], **given) as server:
        port = server.sockets[0].getsockname()[1]

        def connect():
            return asyncssh.connect(
                "127.0.0.1", port, known_hosts=None, username="u", config=None, client_keys=None
            )

        yield connect
