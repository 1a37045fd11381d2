"""The hosts that other tests enter over SSH are like real ones, and nothing is left of them."""

import asyncio
import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import asyncssh
import psutil
import pytest

from ssh_hosts import SshHost, ssh_hosts

TESTS = Path(__file__).parents[1]

KEEP_A_HOST = """
import sys
from pathlib import Path
from ssh_hosts import ssh_hosts
with ssh_hosts(Path(sys.argv[1])) as (host,):
    print(host.address, *(process.pid for process in host.processes()), flush=True)
    sys.stdin.read()
"""


def public(key: asyncssh.SSHKey) -> str:
    """A key's line as in authorized_keys."""
    return key.export_public_key().decode().strip()


def entered(host: SshHost, account: str, key, known: str = ""):
    """A connection to a host as an account; it shows its own key, or what a line of known_hosts says."""
    known_hosts = asyncssh.import_known_hosts(known or f"{host.address} {host.host_key}")
    return asyncssh.connect(host.address, host.port, username=account, known_hosts=known_hosts, config=None,
                            client_keys=[key], agent_path=None, connect_timeout=10)  # fmt: skip


def until(done: Callable[[], bool], what: str) -> None:
    """Wait for something that comes about by itself."""
    deadline = time.monotonic() + 10
    while not done():
        assert time.monotonic() < deadline, f"waited 10 s until {what}"
        time.sleep(0.01)


def heard_from(address: str, port: int) -> str:
    """What comes of a connection within a second."""
    try:
        with socket.create_connection((address, port), timeout=1):
            return "connected"
    except TimeoutError:
        return "silence"
    except ConnectionRefusedError:
        return "refused"


def card_to(address: str) -> str:
    """The network card that leads to an address."""
    told = subprocess.run(["ip", "-j", "route", "get", address], capture_output=True, text=True)
    return json.loads(told.stdout)[0]["dev"] if told.returncode == 0 else ""


@pytest.fixture
def key() -> asyncssh.SSHKey:
    """A user's key."""
    return asyncssh.generate_private_key("ssh-ed25519")


@pytest.fixture
def authority() -> asyncssh.SSHKey:
    """A key that signs others."""
    return asyncssh.generate_private_key("ssh-ed25519")


@pytest.fixture
def entrance(ssh_host, key):
    """A host whose account `ada` may be entered with the key."""
    ssh_host.account("ada")
    ssh_host.authorize("ada", public(key))
    return ssh_host


async def test_who_has_an_authorized_key_enters(entrance, key):
    """The account that was told of a key is entered with it, on the host of that name."""
    async with entered(entrance, "ada", key) as connection:
        done = await connection.run('id -un; echo "$HOME"; hostname', check=True)
    assert done.stdout.split() == ["ada", "/home/ada", entrance.name]
    with pytest.raises(asyncssh.PermissionDenied):
        await entered(entrance, "ada", asyncssh.generate_private_key("ssh-ed25519"))


async def test_who_has_a_certificate_of_the_authority_enters(ssh_host, key, authority):
    """A certificate opens the account that it names, until it is revoked; the key alone never does."""
    ssh_host.account("ada")
    ssh_host.account("bob")
    ssh_host.trust_user_ca(public(authority))
    certificate = authority.generate_user_certificate(key, "test", principals=["ada"])
    async with entered(ssh_host, "ada", (key, certificate)) as connection:
        assert (await connection.run("id -un")).stdout == "ada\n"
    with pytest.raises(asyncssh.PermissionDenied):
        await entered(ssh_host, "bob", (key, certificate))
    with pytest.raises(asyncssh.PermissionDenied):
        await entered(ssh_host, "ada", key)
    ssh_host.revoke(key.export_public_key())
    with pytest.raises(asyncssh.PermissionDenied):
        await entered(ssh_host, "ada", (key, certificate))


async def test_a_host_can_show_another_key(entrance, key):
    """After a change of its key, the host is not the one that is known."""
    known = f"{entrance.address} {entrance.host_key}"
    entrance.change_host_key()
    with pytest.raises(asyncssh.HostKeyNotVerifiable):
        await entered(entrance, "ada", key, known)
    async with entered(entrance, "ada", key):
        pass


async def test_a_host_can_show_a_certificate(entrance, key, authority, tmp_path):
    """Who trusts the authority that signed the host's key needs not know the key."""
    signer = tmp_path / "authority"
    signer.touch(mode=0o600)
    signer.write_bytes(authority.export_private_key())
    known = f"@cert-authority {entrance.address} {public(authority)}"
    with pytest.raises((asyncssh.Error, ConnectionResetError)):
        await entered(entrance, "ada", key, known)
    entrance.certify(signer)
    async with entered(entrance, "ada", key, known):
        pass


async def test_only_some_may_do_everything(ssh_host, key):
    """An account becomes root with sudo if it was made so, without a password; others don't."""
    for account in ("ada", "bob"):
        ssh_host.account(account, sudo=account == "ada")
        ssh_host.authorize(account, public(key))
    async with entered(ssh_host, "ada", key) as ada, entered(ssh_host, "bob", key) as bob:
        assert (await ada.run("sudo -n id -u")).stdout == "0\n"
        assert (await bob.run("sudo -n id -u")).exit_status != 0


def test_only_ssh_goes_through(ssh_hosts):
    """Port 22 answers and no other; from a host nobody is reached, not even its network's other end."""
    one, other = ssh_hosts
    serve = "setsid python3 -m http.server 8000 >/dev/null 2>&1 &"
    one.run("bash", "-c", serve + "until ss -ltn | grep -q :8000; do sleep 0.02; done")
    one.run("bash", "-c", "</dev/tcp/127.0.0.1/8000")
    assert heard_from(one.address, 22) == "connected"
    assert heard_from(one.address, 8000) == "silence"
    with socket.create_server(("", 0)) as listener:
        out = "timeout 1 bash -c '</dev/tcp/{}/{}'; echo $?"
        port = listener.getsockname()[1]
        gateway = one.run("ip", "-br", "addr", "show", "eth0").split()[2].split("/")[0].rpartition(".")
        reached = f"{gateway[0]}.{int(gateway[2]) - 1}"
        assert heard_from(reached, port) == "connected"
        assert one.run("bash", "-c", out.format(reached, port)) == "124\n"
    assert one.run("bash", "-c", out.format(other.address, 22) + " 2>/dev/null") != "0\n"


def test_hosts_have_their_own_people(ssh_hosts):
    """An account that is made on a host is there only, neither on another nor on this machine."""
    one, other = ssh_hosts
    before = Path("/etc/passwd").read_bytes(), Path("/etc/shadow").read_bytes()
    one.run("useradd", "--create-home", "made-by-a-playbook")
    other.account("ada")
    assert "made-by-a-playbook" in one.run("getent", "passwd")
    assert "made-by-a-playbook" not in other.run("getent", "passwd")
    assert (one.run("ls", "/home"), other.run("ls", "/home")) == ("made-by-a-playbook\n", "ada\n")
    assert (Path("/etc/passwd").read_bytes(), Path("/etc/shadow").read_bytes()) == before


def test_what_a_host_changes_stays_in_it(ssh_host):
    """Also programs and configuration are the host's own."""
    ssh_host.run(
        "sh", "-c", "echo changed >/usr/local/bin/rig; rm /etc/hostname /usr/bin/env; mkdir /var/lib/rig"
    )
    assert not Path("/usr/local/bin/rig").exists()
    assert not Path("/var/lib/rig").exists()
    assert Path("/usr/bin/env").exists()


async def test_a_reboot_ends_all_processes(entrance, key):
    """What ran is gone, what was written to a home is there, what was written to /tmp isn't."""
    async with entered(entrance, "ada", key) as connection:
        await connection.run("setsid sleep 600 >/dev/null 2>&1 & touch ~/kept /tmp/lost")
        until(lambda: entrance.named("sleep"), "it has begun")
        (sleep,) = entrance.named("sleep")
        entrance.reboot()
        assert not sleep.is_running()
    assert entrance.named("sleep") == []
    async with entered(entrance, "ada", key) as connection:
        assert (await connection.run("ls ~ /tmp")).stdout.split() == ["/home/ada:", "kept", "/tmp:"]


def test_a_host_without_power_is_silent(ssh_host):
    """It answers nobody and has no processes until it is on again."""
    ssh_host.power_off()
    assert (heard_from(ssh_host.address, 22), ssh_host.processes()) == ("silence", [])
    ssh_host.power_on()
    assert heard_from(ssh_host.address, 22) == "connected"


async def test_a_cut_link_is_silent_until_it_is_mended(entrance, key):
    """Connections wait and go on afterwards; new ones hear nothing."""
    async with entered(entrance, "ada", key) as connection:
        entrance.cut()
        told = asyncio.create_task(connection.run("echo here"))
        assert await asyncio.to_thread(heard_from, entrance.address, 22) == "silence"
        assert not told.done()
        entrance.mend()
        assert (await asyncio.wait_for(told, 20)).stdout == "here\n"


async def test_sshd_can_be_stopped_alone(entrance, key):
    """New connections are refused, those that are there go on until they are dropped."""
    async with entered(entrance, "ada", key) as connection:
        entrance.stop_sshd()
        assert heard_from(entrance.address, 22) == "refused"
        assert (await connection.run("echo here")).stdout == "here\n"
        entrance.start_sshd()
        assert heard_from(entrance.address, 22) == "connected"
        entrance.drop_connections()
        await asyncio.wait_for(connection.wait_closed(), 10)
    assert heard_from(entrance.address, 22) == "connected"


def test_orphans_are_taken_leave_of(ssh_host):
    """A process whose parent has ended leaves nothing behind when it ends."""
    ssh_host.run("sh", "-c", "sleep 0.2 </dev/null >/dev/null 2>&1 & echo $! >/tmp/orphan")
    orphan = (ssh_host.root / "tmp/orphan").read_text().strip()
    until(lambda: not (ssh_host.root / "proc" / orphan).exists(), "the orphan is gone")


def test_a_host_may_have_no_python(ssh_host_without_python, ssh_host):
    """Such a host has a shell and no more; this machine keeps its Python."""
    ask = ("sh", "-c", "command -v python3 || echo none")
    assert ssh_host_without_python.run(*ask) == "none\n"
    assert ssh_host.run(*ask) == "/usr/bin/python3\n"


async def test_every_account_can_run_a_notebook_server(notebook_programs, entrance, key):
    """jupyterhub-singleuser is on the path of an account that has no programs of its own."""
    from jupyterhub import __version__

    entrance.install(notebook_programs)
    async with entered(entrance, "ada", key) as connection:
        done = await connection.run("jupyterhub-singleuser --version", check=True)
    assert done.stdout.strip() == __version__


def test_nothing_is_left_of_a_host(ssh_possible, tmp_path):
    """Processes, network card, mounts and folder are gone."""
    mounts = Path("/proc/self/mountinfo").read_text().count("\n")
    with ssh_hosts(tmp_path) as (host,):
        address, card, processes = host.address, card_to(host.address), host.processes()
        assert card.startswith("sshrig")
        assert len(processes) >= 3
    assert card_to(address) != card
    assert [process for process in processes if process.is_running()] == []
    assert Path("/proc/self/mountinfo").read_text().count("\n") == mounts
    assert [path.suffix for path in tmp_path.iterdir()] == [".log"]


def test_nothing_is_left_when_the_tests_are_killed(ssh_possible, tmp_path):
    """A host ends with the process that made it, in whatever way that ends."""
    keeper = subprocess.Popen([sys.executable, "-c", KEEP_A_HOST, tmp_path], env={"PYTHONPATH": TESTS},
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # fmt: skip
    with keeper:
        address, *pids = keeper.stdout.readline().split()
        family = psutil.Process(keeper.pid).children(recursive=True)
        card = card_to(address)
        assert {int(pid) for pid in pids} <= {process.pid for process in family}
        keeper.kill()
    until(lambda: not any(process.is_running() for process in family), "its processes are gone")
    until(lambda: card_to(address) != card, "its network card is gone")
