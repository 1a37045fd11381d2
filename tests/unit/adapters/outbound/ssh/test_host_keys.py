"""Lines of keys are read as OpenSSH reads them, and nothing else gets into a known_hosts file."""

import subprocess

import asyncssh
import pytest

from multiplespawner.adapters.outbound.ssh import SshFailed, fingerprint, known_hosts_text
from multiplespawner.adapters.outbound.ssh.host_keys import algorithms

ED25519 = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEy827eYO1DEIDHhoCGVe1o2qmqQpZ8yhN9ptKcTiAmc"


@pytest.mark.parametrize("kind", ["ed25519", "ecdsa", "rsa"])
def test_a_fingerprint_is_that_of_ssh_keygen(tmp_path, kind):
    """Of every kind of key that hosts have, with a comment or without."""
    file = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", kind, "-N", "", "-C", "a comment", "-f", file], check=True)
    shown = subprocess.run(["ssh-keygen", "-l", "-f", file], capture_output=True, text=True, check=True)
    line = file.with_suffix(".pub").read_text()
    assert fingerprint(line) == shown.stdout.split()[1]
    assert fingerprint(f"@cert-authority {line}") == shown.stdout.split()[1]
    assert fingerprint(" ".join(line.split()[:2])) == shown.stdout.split()[1]


@pytest.mark.parametrize(
    "line",
    [
        "",
        "@cert-authority",
        "ssh-ed25519",
        "ssh-ed25519 !!!",
        "ssh-ed25519 AAAA",
        ED25519[:-8],
        ED25519 + "AAAA",
        f"ssh-rsa {ED25519.split()[1]}",
        f"{ED25519}\n* {ED25519}",
        f"* {ED25519}",
        "SHA256:VtupB2cVd0ptpnyjnF8yFn9bew0NsHXdedFYh8QypI4",
    ],
)
def test_what_is_no_key(line):
    """It is refused, and could not add a host."""
    with pytest.raises(SshFailed) as failed:
        known_hosts_text("host", 22, [line])
    assert failed.value.code == "key_unusable"
    assert not failed.value.may_retry


@pytest.mark.parametrize("address", ["", "*", "a,b", "host name", "!host", "host\n*", "|1|x", "#"])
def test_what_is_no_address(address):
    """A pattern would make other hosts known, too."""
    with pytest.raises(SshFailed) as failed:
        known_hosts_text(address, 22, [ED25519])
    assert failed.value.code == "key_unusable"


@pytest.mark.parametrize("address", ["10.99.0.2", "host.example", "fd00::2"])
@pytest.mark.parametrize("port", [22, 2222])
def test_openssh_and_asyncssh_find_the_host(tmp_path, address, port):
    """Under the name that each looks for, with its own port only."""
    text = known_hosts_text(address, port, [f"{ED25519} comment", f"@cert-authority {ED25519}"])
    file = tmp_path / "known_hosts"
    file.write_text(text)
    name = address if port == 22 else f"[{address}]:{port}"
    found = subprocess.run(["ssh-keygen", "-F", name, "-f", file], capture_output=True, check=False)
    assert found.returncode == 0
    assert "comment" not in text
    keys, authorities, *_ = asyncssh.import_known_hosts(text).match(address, "", None if port == 22 else port)
    assert [len(keys), len(authorities)] == [1, 1]
    assert not any(asyncssh.import_known_hosts(text).match("other", "", 4444))


def test_no_keys_are_no_text():
    """Nothing is known then."""
    assert known_hosts_text("host", 22, []) == ""


def test_the_pinned_key_is_asked_for_first():
    """Else a host with several keys would show another one."""
    ecdsa = known_hosts_text(
        "h", 22, [asyncssh.generate_private_key("ecdsa-sha2-nistp256").export_public_key().decode()]
    )
    assert algorithms(ecdsa)[:2] == ["ecdsa-sha2-nistp256", "ssh-ed25519"]
    assert algorithms("")[0] == "ssh-ed25519"
    certified = algorithms(known_hosts_text("h", 22, [f"@cert-authority {ED25519}"]))
    assert certified[0] == "ssh-ed25519-cert-v01@openssh.com"
    assert "ssh-ed25519" in certified
