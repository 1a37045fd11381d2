"""Connects to a host as one account, after the host has shown the key that it must have."""

import asyncio
import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ....application.ports.authenticator import Access
from .failures import SshFailed, lost, of_system, unreachable, without_asyncssh
from .hanging_up import again_while_hung_up
from .host_keys import KeyLine, algorithms, fingerprint
from .key_files import KeyPair, key_pair
from .loop import on_ssh_loop
from .refusing import not_the_host, refused

if TYPE_CHECKING:
    import asyncssh

CIPHERS = "^aes256-gcm@openssh.com,aes128-gcm@openssh.com"
"""These before asyncssh's others: where processors know AES, a tunnel carries 1.2 to 1.6 times what it does
with ChaCha20 (benchmarks/tunnelled.py in pairs, asyncssh 2.24.1)."""

TOO_MANY = "Too many authentication failures"
"""Said by sshd at the end of a login in which it refused as many keys as it looks at (MaxAuthTries)."""

Client = Callable[[], "asyncssh.SSHClient"]
"""Makes what hears of one attempt to log in."""


async def connect(
    access: Access, *, seconds: float = 20, keepalive: float = 15, client: Client | None = None
) -> "asyncssh.SSHClientConnection":
    """A connection that is logged in, made on the loop that this is called on: see `on_ssh_loop`.

    `seconds` is the limit of it all, also where a host hangs up and is tried again; `keepalive` the seconds
    between questions to the host: three without an answer end the connection. Nothing but the files of
    `access` is used, and what `client` offers where its key is refused: no agent, no settings of the account
    that we run as. Raises SshFailed.
    """
    pair = await asyncio.to_thread(_key_pair, access)
    return await connect_with(access, pair, seconds=seconds, keepalive=keepalive, client=client)


async def connect_with(
    access: Access, pair: KeyPair, *, seconds: float = 20, keepalive: float = 15, client: Client | None = None
) -> "asyncssh.SSHClientConnection":
    """The same with a key, and perhaps its certificate, in place of that in the file of `access`."""
    try:
        import asyncssh
    except ImportError as error:
        raise without_asyncssh(error) from error
    known_hosts = await asyncio.to_thread(_known_hosts, access)
    said = {
        "client_keys": [pair],
        # an object: of an empty text asyncssh would think that the account's own file is meant
        "known_hosts": asyncssh.import_known_hosts(known_hosts),
        "server_host_key_algs": algorithms(known_hosts),
        "keepalive_interval": keepalive,
        "client_factory": client,
    }
    return await again_while_hung_up(lambda left: _connected(access, seconds=left, **said), seconds)


async def _connected(access: Access, *, seconds: float, **said: Any) -> "asyncssh.SSHClientConnection":
    import asyncssh

    try:
        return await asyncssh.connect(
            access.address,
            access.port,
            username=access.user,
            **said,
            config=None,
            agent_path=None,
            agent_forwarding=False,
            preferred_auth=("publickey",),
            gss_host=None,
            x509_trusted_certs=None,
            compression_algs=None,
            encryption_algs=CIPHERS,
            connect_timeout=seconds,
            keepalive_count_max=3,
        )
    except asyncssh.PermissionDenied as error:
        raise await asyncio.to_thread(refused, access) from error
    except asyncssh.ProtocolError as error:
        if TOO_MANY in error.reason:
            raise await asyncio.to_thread(refused, access) from error
        raise unreachable(access.address, access.port, _why(error)) from error
    except asyncssh.HostKeyNotVerifiable as error:
        raise await _not_the_host(access, error) from error
    except (asyncssh.ConnectionLost, ConnectionResetError, BrokenPipeError) as error:
        raise lost(access.address, access.port, "it was closed while we logged in") from error
    except TimeoutError as error:
        raise unreachable(access.address, access.port, f"no answer within {seconds:.3g} s") from error
    except (asyncssh.KeyImportError, asyncssh.KeyEncryptionError) as error:
        raise SshFailed("key_unusable", f"The key {access.key_file} can't be used: {error}.") from error
    except (OSError, asyncssh.Error, UnicodeError) as error:
        raise unreachable(access.address, access.port, _why(error)) from error


async def shown_host_key(address: str, port: int, *, seconds: float = 5) -> str:
    """The key that a host shows, such as `ssh-ed25519 AAAA…`, without a login. Raises SshFailed.

    Whether it is the host's can't be known from it.
    """
    return await on_ssh_loop(again_while_hung_up(lambda left: _shown_host_key(address, port, left), seconds))


async def _shown_host_key(address: str, port: int, seconds: float) -> str:
    try:
        import asyncssh
    except ImportError as error:
        raise without_asyncssh(error) from error
    try:
        async with asyncio.timeout(seconds):
            key = await asyncssh.get_server_host_key(
                address, port, config=None, server_host_key_algs=algorithms("")
            )
    except TimeoutError as error:
        raise unreachable(address, port, f"no answer within {seconds:.3g} s") from error
    except (asyncssh.ConnectionLost, ConnectionResetError, BrokenPipeError) as error:
        raise lost(address, port, "it was closed while we asked for the host's key") from error
    except (OSError, asyncssh.Error, UnicodeError) as error:
        raise unreachable(address, port, _why(error)) from error
    if key is None:
        raise unreachable(address, port, "it shows no key")
    return KeyLine.parse(key.export_public_key("openssh").decode()).text


def _key_pair(access: Access) -> KeyPair:
    try:
        return key_pair(access.key_file)
    except OSError as error:
        raise _unreadable(error, access.key_file) from error


def _known_hosts(access: Access) -> str:
    try:
        return access.known_hosts_file.read_text()
    except OSError as error:
        raise _unreadable(error, access.known_hosts_file) from error


def _unreadable(error: OSError, file: Path) -> SshFailed:
    return SshFailed("key_unusable", f"What the login needs can't be read: {of_system(error, file)}.")


def _why(error: Exception) -> str:
    """What the system or the library says, on one line."""
    number = getattr(error, "errno", None)
    if isinstance(number, int) and number in errno.errorcode:
        return os.strerror(number)
    said = getattr(error, "strerror", None) or getattr(error, "reason", None) or str(error)
    return " ".join(str(said).split()).rstrip(".") or type(error).__name__


async def _not_the_host(access: Access, error: Exception) -> SshFailed:
    try:
        shown = fingerprint(await shown_host_key(access.address, access.port))
    except SshFailed:
        shown = "an unknown key"
    return not_the_host(access, shown, await asyncio.to_thread(_known_hosts, access), _why(error))
