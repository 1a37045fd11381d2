"""Given why a host was not entered, then it is the port's error, in words for administrators and users."""

import pytest

from multiplespawner.adapters.outbound.providers.hosts.trouble import not_entered, unavailable, unknown_key
from multiplespawner.adapters.outbound.ssh import SshFailed
from multiplespawner.application.ports.provider import NotTrusted, Unavailable


@pytest.mark.parametrize("code", ["host_unreachable", "connection_lost"])
def test_what_may_be_over_soon(code: str) -> None:
    """It may be tried again; the user learns which machine."""
    error = not_entered("gpu1", SshFailed(code, "It is away."), key_file=False)
    assert isinstance(error, Unavailable)
    assert error.may_retry
    assert "It is away." in str(error)
    assert "gpu1" in error.words


@pytest.mark.parametrize(
    "code",
    [
        "host_key_unknown",
        "host_key_mismatch",
        "login_refused",
        "certificate_expired",
        "key_unusable",
        "ssh_missing",
    ],
)
@pytest.mark.parametrize("key_file", [True, False])
def test_what_somebody_must_do_something_about(code: str, key_file: bool) -> None:
    """No retry helps; the code says what it is."""
    error = not_entered("gpu1", SshFailed(code, "No."), key_file=key_file)
    assert isinstance(error, NotTrusted)
    assert (error.code, error.may_retry) == (code, False)
    for said in (str(error), error.words):
        assert "gpu1" in said
        assert "No." in said
        assert ("ssh_keyfile" in said) is (code == "login_refused" and not key_file)


def test_a_host_that_does_something_else() -> None:
    """What it said is for administrators."""
    error = unavailable("gpu1", "it said 'canary'")
    assert "canary" in str(error)
    assert "canary" not in error.words


def test_an_unknown_key_is_told_by_its_fingerprint() -> None:
    """The line itself, to be entered, to administrators."""
    error = unknown_key("gpu1", "10.0.0.1", "ssh-ed25519 AAAA", "SHA256:x")
    assert error.code == "host_key_unknown"
    assert "ssh-ed25519 AAAA" in str(error)
    assert "SHA256:x" in error.words
