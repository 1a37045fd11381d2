"""Makes keys of a CA, and certificates with them."""

import time
from typing import Any

from attrs import frozen

from .failures import without_asyncssh


@frozen
class Validity:
    """Seconds before and after now."""

    before: int
    after: int


def signed(signing_key: str, public_key: str, key_id: str, valid: Validity, **said: Any) -> str:
    """A certificate (one line), signed with a private key; it permits next to nothing."""
    asyncssh, now = _asyncssh(), int(time.time())
    signed = asyncssh.import_private_key(signing_key).generate_user_certificate(
        asyncssh.import_public_key(public_key),
        key_id,
        valid_after=now - valid.before,
        valid_before=now + valid.after,
        permit_x11_forwarding=False,
        permit_agent_forwarding=False,
        permit_pty=False,
        permit_user_rc=False,
        **said,
    )
    return str(signed.export_certificate("openssh").decode()).strip()


def new_key() -> str:
    """A private key (ed25519) in OpenSSH's format, with the time in its comment."""
    key = _asyncssh().generate_private_key("ssh-ed25519", comment=f"multiplespawner-ca-{int(time.time())}")
    return str(key.export_private_key("openssh").decode())


def _asyncssh() -> Any:
    try:
        import asyncssh
    except ImportError as error:
        raise without_asyncssh(error) from error
    return asyncssh
