"""Nothing is sent to a host that is not known to be the right one."""

import time

import attrs
import pytest

from multiplespawner.adapters.outbound.ssh import SshFailed, connect, fingerprint, known_hosts_text
from ssh_entering import attempts, authenticator, new_key, public, refusal, run


async def test_a_pinned_key(directory, target, host):
    """The host that shows it is entered, and its fingerprint told."""
    made = await authenticator(directory).prepare(target)
    assert made.host_key == fingerprint(host.host_key)
    assert await run(made.configuring, "id -un") == "admin\n"
    assert await run(made.notebook, "id -un") == "ada\n"


async def test_another_key(directory, target, host):
    """It is told what was shown; no name was told to the host."""
    host.change_host_key()
    failed = await refusal(authenticator(directory), target)
    assert failed.code == "host_key_mismatch"
    assert fingerprint(host.host_key) in failed.message
    assert fingerprint(target.host_keys[0]) in failed.message
    assert attempts(host) == []


async def test_an_unknown_host(directory, target, host):
    """The message has the fingerprint, and a line that makes it known."""
    unknown = attrs.evolve(target, host_keys=())
    failed = await refusal(authenticator(directory), unknown)
    assert failed.code == "host_key_unknown"
    assert fingerprint(host.host_key) in failed.message
    line = known_hosts_text(host.address, host.port, [host.host_key])
    assert line.strip() in failed.message
    assert attempts(host) == []
    pins = directory / "ssh" / "known_hosts"
    pins.write_text(line)
    assert (await authenticator(directory).prepare(unknown)).host_key == fingerprint(host.host_key)


async def test_first_sight_where_asked_for(directory, target, host):
    """A host is believed once, pinned for all to come, and refused when it shows another key."""
    unknown = attrs.evolve(target, host_keys=())
    made = authenticator(directory, strict_host_key_checking="accept-new")
    assert (await made.prepare(unknown)).host_key == fingerprint(host.host_key)
    pins = directory / "ssh" / "known_hosts"
    assert pins.read_text() == known_hosts_text(host.address, host.port, [host.host_key])
    assert pins.stat().st_mode & 0o777 == 0o600
    await made.prepare(unknown)
    await authenticator(directory).prepare(unknown)
    assert len(pins.read_text().splitlines()) == 1
    host.change_host_key()
    failed = await refusal(made, unknown)
    assert failed.code == "host_key_mismatch"
    assert str(pins) in failed.message


async def test_what_is_vouched_for_comes_before_what_is_pinned(directory, target, host):
    """Who asks for first sight still gets only the host that its provider means."""
    made = authenticator(directory, strict_host_key_checking="accept-new")
    await made.prepare(attrs.evolve(target, host_keys=()))
    host.change_host_key()
    assert (await made.prepare(attrs.evolve(target, host_keys=(host.host_key,)))).host_key


async def test_a_host_ca(directory, target, host, tmp_path):
    """A host with a certificate for its address is entered, one with another's is not."""
    authority = new_key(tmp_path / "host_ca")
    vouched = attrs.evolve(target, host_keys=(f"@cert-authority {public(authority)}",))
    failed = await refusal(authenticator(directory), vouched)
    assert failed.code == "host_key_mismatch"
    host.certify(authority)
    made = await authenticator(directory).prepare(vouched)
    assert made.host_key == fingerprint(public(authority))
    assert await run(made.notebook, "id -un") == "ada\n"


async def test_a_host_ca_for_another_host(directory, target, host, tmp_path):
    """A certificate is good for the host that it names."""
    authority = new_key(tmp_path / "host_ca")
    host.certify(authority, principal="other.example")
    vouched = attrs.evolve(target, host_keys=(f"@cert-authority {public(authority)}",))
    assert (await refusal(authenticator(directory), vouched)).code == "host_key_mismatch"
    assert attempts(host) == []


async def test_no_host(directory, target, host):
    """Where nothing listens, that is told."""
    host.stop_sshd()
    failed = await refusal(authenticator(directory), target)
    assert failed.code == "host_unreachable"
    assert host.address in failed.message


async def test_a_silent_host(target, host, directory):
    """It is waited for so long and no longer."""
    made = await authenticator(directory).prepare(target)
    host.cut()
    began = time.monotonic()
    with pytest.raises(SshFailed) as failed:
        await connect(made.notebook, seconds=0.3)
    assert failed.value.code == "host_unreachable"
    assert failed.value.may_retry
    assert time.monotonic() - began < 5
