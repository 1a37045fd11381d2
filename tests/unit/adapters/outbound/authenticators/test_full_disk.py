"""Where keys can't be written it is said where, although the system's error doesn't name a file."""

import errno
import os
from pathlib import Path

import pytest

from multiplespawner.adapters.outbound.authenticators.session_keys import SessionKeys
from multiplespawner.adapters.outbound.authenticators.ssh_authenticator import SSHAuthenticator
from multiplespawner.adapters.outbound.authenticators.ssh_settings import SSHAuthenticatorSettings
from multiplespawner.application.ports.authenticator import AuthenticationFailed, Target
from multiplespawner.domain.values import Endpoint

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJzSYVJ0n2Dv5kRMt4nLKYPhwiNIgk8Y7yeUQ2XZ3wbE"
FULL = os.strerror(errno.ENOSPC)


def no_space(*_: object) -> None:
    """As a write to a full disk."""
    raise OSError(errno.ENOSPC, FULL)


@pytest.mark.parametrize(("name", "method"), [("prepare", "make"), ("renew", "made")])
async def test_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, method: str) -> None:
    """The folder and the reason are told."""
    monkeypatch.setattr(SessionKeys, method, no_space)
    authenticator = SSHAuthenticator(SSHAuthenticatorSettings(), tmp_path / "state")
    target = Target(Endpoint("10.0.0.1"), (KEY,), "ada", "admin", tmp_path / "deployment")
    with pytest.raises(AuthenticationFailed) as failed:
        await getattr(authenticator, name)(target)
    assert failed.value.code == "key_unusable"
    assert f"{target.folder}: {FULL}" in failed.value.message
