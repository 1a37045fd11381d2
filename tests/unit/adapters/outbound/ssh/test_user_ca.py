"""The user CA is one for all who use its directory, signs for minutes, and tells its key to nobody."""

import json
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import asyncssh
import pytest

from multiplespawner.adapters.outbound.ssh import SshFailed, UserCa, fingerprint
from multiplespawner.adapters.outbound.ssh.certificates import Certificate
from multiplespawner.adapters.outbound.ssh.key_files import write_private

KEYS = """if True:
    import sys
    from pathlib import Path
    from multiplespawner.adapters.outbound.ssh import UserCa
    print("ready", flush=True)
    sys.stdin.readline()
    print(*UserCa(Path(sys.argv[1])).public_keys(), sep="\\n")
"""


@pytest.fixture
def ca(tmp_path):
    """One that has never been used."""
    return UserCa(tmp_path / "state")


@pytest.fixture
def public_key():
    """Somebody's."""
    return line_of(asyncssh.generate_private_key("ssh-ed25519"))


def line_of(key):
    """The public half as a line."""
    return key.export_public_key("openssh").decode()


def signed(ca, public_key, **said):
    """A certificate as ssh-keygen shows it would be given, with what differs."""
    given = {"principals": ["ada"], "serial": 7, "seconds": 600, "key_id": "id"}
    return ca.sign(public_key, **{**given, **said})


def shown(certificate, tmp_path):
    """What OpenSSH reads in it, a line each."""
    file = tmp_path / "shown-cert.pub"
    file.write_text(certificate)
    done = subprocess.run(["ssh-keygen", "-L", "-f", file], capture_output=True, text=True, check=True)
    return [line.strip() for line in done.stdout.splitlines()]


def test_processes_that_begin_at_once_get_one_key(tmp_path):
    """Whoever comes first makes it."""
    command = [sys.executable, "-c", KEYS, tmp_path / "state"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    processes = [subprocess.Popen(command, **pipes) for _ in range(4)]
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    answers = {process.communicate(timeout=30)[0] for process in processes}
    assert len(answers) == 1
    assert answers == {f"{UserCa(tmp_path / 'state').public_keys()[0]}\n"}


def test_nobody_else_reads_the_key(ca):
    """Its folders are closed, and so is each file."""
    ca.public_keys()
    assert ca.directory.stat().st_mode & 0o777 == 0o700
    assert (ca.directory / "ssh").stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in (ca.directory / "ssh").iterdir()} == {0o600}


def test_a_certificate_is_for_accounts_and_minutes(ca, public_key, tmp_path):
    """OpenSSH reads from it what was asked for, and no permission but that."""
    lines = shown(signed(ca, public_key, principals=["ada", "admin"], serial=281474976710655), tmp_path)
    assert "Serial: 281474976710655" in lines
    assert lines[lines.index("Principals:") + 1 : lines.index("Critical Options: (none)")] == ["ada", "admin"]
    assert lines[-1] == "Extensions: (none)"
    permitting = shown(signed(ca, public_key, port_forwarding=True), tmp_path)
    assert permitting[permitting.index("Extensions:") + 1 :] == ["permit-port-forwarding"]


def test_a_host_may_be_a_minute_behind(ca, public_key, tmp_path):
    """It began a minute ago, and ends when it was told to."""
    now = datetime.now(UTC)
    text = signed(ca, public_key, seconds=600)
    valid = next(line for line in shown(text, tmp_path) if line.startswith("Valid:"))
    began = datetime.fromisoformat(valid.split()[2]).astimezone(UTC)
    assert timedelta(seconds=58) < now - began < timedelta(seconds=65)
    assert abs(Certificate.parse(text).until - now - timedelta(seconds=600)) < timedelta(seconds=5)


@pytest.mark.parametrize("principals", [[], [""], ["ada", ""]])
def test_a_certificate_for_everybody_is_not_made(ca, public_key, principals):
    """Without a principal it would open any account."""
    with pytest.raises(SshFailed):
        signed(ca, public_key, principals=principals)


def test_what_was_revoked_is_not_signed_again(ca, public_key):
    """Other serials are."""
    ca.revoke(7, 8)
    with pytest.raises(SshFailed) as failed:
        signed(ca, public_key, serial=7)
    assert failed.value.code == "certificate_revoked"
    assert Certificate.parse(signed(ca, public_key, serial=9)).serial == 9
    assert UserCa(ca.directory).revoked() == {7, 8}


@pytest.mark.parametrize(("step", "signer"), [(0, 0), (1, 0), (2, 1), (3, 1)])
def test_who_signs_at_each_step_of_an_exchange(ca, public_key, step, signer):
    """The signer is always the first of those that are trusted."""
    (old,) = ca.public_keys()
    for change in (ca.rotate, ca.switch, ca.retire)[:step]:
        change()
    trusted = ca.public_keys()
    assert [old in trusted, len(trusted)] == [[True, 1], [True, 2], [True, 2], [False, 1]][step]
    assert Certificate.parse(signed(ca, public_key)).authority == fingerprint(trusted[0])
    assert (trusted[0] == old) == (signer == 0)


def test_asking_for_the_time_permits_nothing(ca, public_key, tmp_path):
    """It holds for years, and the only thing it runs is `false`."""
    lines = shown(ca.sign_for_asking(public_key, principal="ada"), tmp_path)
    assert "force-command false" in lines
    assert lines[-1] == "Extensions: (none)"


@pytest.mark.parametrize("damage", ["", "{", '{"signing": 3}', '{"other": "c4n4ry"}', "[]"])
def test_a_damaged_file_is_told_without_what_is_in_it(ca, damage):
    """It may be a part of a key; and no new key takes its place."""
    ca.public_keys()
    file = ca.directory / "ssh" / "user_ca.json"
    file.write_text(damage)
    with pytest.raises(SshFailed) as failed:
        ca.public_keys()
    assert str(file) in failed.value.message
    assert "c4n4ry" not in repr(failed.value)
    assert failed.value.__cause__ is None
    assert file.read_text() == damage


def test_it_can_be_shown(ca):
    """No key is in what a debugger prints of it."""
    ca.rotate()
    kept = json.loads((ca.directory / "ssh" / "user_ca.json").read_text())
    assert kept["signing"][60:100] not in repr(ca) + repr(ca._authority()) + repr(ca.trusted())


@pytest.mark.parametrize("kind", ["ssh-ed25519", "ecdsa-sha2-nistp256", "ssh-rsa"])
def test_certificates_of_every_kind_are_read(kind):
    """As those beside an administrator's own key may be."""
    authority, key = (asyncssh.generate_private_key(each) for each in ("ssh-ed25519", kind))
    made = authority.generate_user_certificate(key, "id", serial=5, principals=["a", "b"])
    read = Certificate.parse(made.export_certificate("openssh").decode())
    assert (read.serial, read.principals, read.is_over) == (5, ("a", "b"), False)


@pytest.mark.parametrize(
    "line", ["", "x", "ssh-ed25519-cert-v01@openssh.com AAAA", "ssh-ed25519 AAAA=", "dsa AAAA"]
)
def test_what_is_no_certificate(line):
    """It is refused."""
    with pytest.raises(SshFailed) as failed:
        Certificate.parse(line)
    assert failed.value.code == "key_unusable"


def test_a_certificate_ends_by_our_clock(ca, public_key, monkeypatch):
    """What was made an hour ago for ten minutes is over."""
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now - 3600)
    assert Certificate.parse(signed(ca, public_key)).is_over


def test_a_file_that_cannot_be_finished_is_not_begun(tmp_path):
    """What was there stays, and nothing lies beside it."""
    file = tmp_path / "key"
    write_private(file, "old")
    with pytest.raises(UnicodeEncodeError):
        write_private(file, "\udcff")
    assert file.read_text() == "old"
    assert list(tmp_path.iterdir()) == [file]


def test_what_a_killed_process_left_of_keys_goes_with_the_next_change(ca):
    """A key that was never finished, or has been retired, stays on no disk."""
    ca.rotate()
    left = ca.directory / "ssh" / ".user_ca.json-0123abcd"
    left.write_text("half a key")
    ca.switch()
    assert not left.exists()
    assert len(ca.public_keys()) == 2


def test_it_may_be_good_from_some_networks_only(ca, public_key, tmp_path):
    """As OpenSSH reads it, and we do."""
    certificate = signed(ca, public_key, source_address=("192.0.2.7/32", "2001:db8::/32"))
    assert "source-address 192.0.2.7/32,2001:db8::/32" in shown(certificate, tmp_path)
    assert Certificate.parse(certificate).source_address == "192.0.2.7/32,2001:db8::/32"
    assert Certificate.parse(signed(ca, public_key)).source_address == ""
