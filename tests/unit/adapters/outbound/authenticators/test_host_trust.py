"""Which keys a host must show, where an administrator or an earlier session has pinned some."""

import asyncio
import errno
import os

import asyncssh
import pytest

from multiplespawner.adapters.outbound.authenticators.host_trust import HostTrust
from multiplespawner.adapters.outbound.ssh import SshFailed, known_hosts_text, pinned_hosts


def new_line():
    """A host's key."""
    line = asyncssh.generate_private_key("ssh-ed25519").export_public_key("openssh").decode()
    return " ".join(line.split()[:2])


KEY, OTHER = new_line(), new_line()


@pytest.fixture
def trust(tmp_path, monkeypatch):
    """It believes at first sight; every host shows a fresh key at each look."""

    async def shown(address, port, *, seconds):
        return new_line()

    monkeypatch.setattr(pinned_hosts, "shown_host_key", shown)
    made = HostTrust(tmp_path, accepts_new=True)
    made.file.parent.mkdir(mode=0o700)
    return made


async def test_what_is_vouched_for_counts(trust):
    """Nothing else is looked at."""
    trust.file.write_text(known_hosts_text("h", 22, [OTHER]))
    assert await trust.keys("h", 22, (KEY,)) == (KEY,)


@pytest.mark.parametrize(
    "pinned",
    [
        known_hosts_text("h", 2222, [KEY]),
        f"# by hand\n\nother {OTHER}\n[h]:2222,[10.0.0.1]:2222 {KEY} a comment\n",
        f"[*]:2222 {KEY}",
        f"{OTHER.split()[0]}-unknown AAAA\n[h]:2222 {KEY}".replace("ssh-ed25519-unknown", "h ssh-new"),
    ],
)
async def test_what_an_administrator_wrote_counts(trust, pinned):
    """In every form that OpenSSH knows."""
    trust.file.write_text(pinned)
    assert await trust.keys("h", 2222, ()) == (KEY,)


async def test_what_an_administrator_revoked_does_not_count(trust):
    """Under whatever name it is pinned."""
    trust.file.write_text(f"h {OTHER}\nh {KEY}\n@revoked * {OTHER}\n")
    assert await trust.keys("h", 22, ()) == (KEY,)


async def test_a_pinned_ca_counts(trust):
    """It stays one."""
    trust.file.write_text(known_hosts_text("h", 22, [f"@cert-authority {KEY}"]))
    assert await trust.keys("h", 22, ()) == (f"@cert-authority {KEY}",)


async def test_hosts_whose_names_begin_alike_are_two(trust):
    """Neither is known by the other."""
    trust.file.write_text(known_hosts_text("10.0.0.10", 22, [KEY]))
    assert await trust.keys("10.0.0.1", 22, ()) != (KEY,)
    assert await trust.keys("10.0.0.10", 22, ()) == (KEY,)


async def test_those_who_see_a_host_first_at_once_pin_one_key(trust):
    """The others get the key of whoever came first."""
    found = await asyncio.gather(*(trust.keys("h", 22, ()) for _ in range(8)))
    assert len(set(found)) == 1
    assert len(trust.file.read_text().splitlines()) == 1


async def test_what_was_there_stays(trust):
    """Also where the last line had no end."""
    trust.file.write_text(f"other {OTHER}")
    (key,) = await trust.keys("h", 22, ())
    assert trust.file.read_text() == f"other {OTHER}\nh {key}\n"


async def test_a_file_that_is_none_is_told(trust):
    """Nobody is believed meanwhile."""
    trust.file.write_text("h\n")
    with pytest.raises(SshFailed) as failed:
        await trust.keys("h", 22, ())
    assert str(trust.file) in failed.value.message


async def test_a_full_disk(trust, monkeypatch):
    """The file and the reason are told, although the system's error of a write names none."""

    def no_space(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(pinned_hosts, "write_private", no_space)
    with pytest.raises(SshFailed, match=f"{trust.file}: {os.strerror(errno.ENOSPC)}"):
        await trust.keys("h", 22, ())
