"""A host as it was installed, with no CA, account or notebook: a key of root is all that it knows of us."""

import re
import subprocess
from pathlib import Path

from e2e import stand_in
from e2e.browsers import Browser
from e2e.hubs import RealHub, real_hub
from e2e.over_ssh import AUTHENTICATOR, CONFIGURER, SPAWNER, left_on, over_ssh, pool
from ssh_hosts import SshHost
from stand_in_wheels import write_wheels

WHEELS = "/srv/wheels"
"""On the host, which reaches no package index."""


def a_key(folder: Path, host: SshHost) -> Path:
    """A private key that lets in as root of the host."""
    key = folder / "key"
    subprocess.run(["ssh-keygen", "-qt", "ed25519", "-N", "", "-f", key], check=True, timeout=10)
    script = "umask 077; mkdir -p /root/.ssh; cat >/root/.ssh/authorized_keys"
    host.run("sh", "-c", script, text=key.with_name("key.pub").read_text())
    return key


def knows_no_ca(host: SshHost) -> None:
    """As sshd is when it was just installed."""
    config = host.run("grep", "-v", "TrustedUserCAKeys", "/etc/ssh/sshd_config")
    host.stop_sshd()
    host.write("/etc/ssh/sshd_config", config)
    host.start_sshd()


def offers(host: SshHost, key: Path) -> tuple[list[dict], dict]:
    """One, whose host the playbook that ships sets up."""
    offline = {"multiplespawner_pip_arguments": ["--no-index", "--find-links", WHEELS]}
    options = {
        "host_variables": {"ansible_user": "root", **offline},
        "apply_kwargs": {"playbook_path": "setup_ssh_spawner.yml"},
    }
    template = over_ssh(
        spawner={"class": SPAWNER, "kwargs": {"remote_hosts": ["{endpoint}"]}},
        authenticator={"class": AUTHENTICATOR, "kwargs": {"ssh_keyfile": str(key)}},
        configurer={"class": CONFIGURER, "options": options},
        unix_account={"mode": "create"},
        start_timeout=300,
    )
    return [template], {"bare_metal": [{"name": "new", "hosts": pool([host]), "ssh_keyfile": str(key)}]}


def click(hub: RealHub, user: str) -> dict:
    """Have a person open the page that starts the only offer; what their notebook says."""
    browser = Browser(hub)
    browser.login(user)
    browser.get("spawn")
    hub.wait("server", lambda: hub.ready(user), limit=300)
    return hub.told(user)


def logins(host: SshHost) -> set[tuple[str, str]]:
    """Accounts that were entered so far, each with the kind of key."""
    return set(re.findall(r"Accepted publickey for (\S+) from .* ssh2: (\S+) ", host.sshd_log()))


def test_the_first_click_sets_it_up_and_the_second_has_certificates(proxy, tmp_path, ssh_host):
    """Account, programs and CA are brought by the first start; who configures has one from then on, too.

    The provider goes on with the key, as it is told.
    """
    knows_no_ca(ssh_host)
    key = a_key(tmp_path, ssh_host)
    write_wheels(ssh_host.root / WHEELS[1:], Path(stand_in.__file__).read_text())
    with real_hub(tmp_path, proxy, offers=offers(ssh_host, key)) as hub:
        told = click(hub, "ann")
        assert (told["env"]["USER"], told["cwd"]) == ("ann", "/home/ann")
        assert told["argv"][0].endswith("/bin/jupyterhub-singleuser")
        assert logins(ssh_host) == {("root", "ED25519"), ("ann", "ED25519-CERT")}
        hub.stop_server("ann")
        hub.wait("release", hub.nothing_is_held)

        (ssh_host.root / "var/log/sshd.log").write_text("")
        click(hub, "ann")
        assert logins(ssh_host) >= {("root", "ED25519-CERT"), ("ann", "ED25519-CERT")}
        assert [topic for _, topic in hub.facts()].count("deployment.configurer_starting") == 1
        hub.stop_server("ann")
        hub.wait("release", hub.nothing_is_held)
    assert left_on(ssh_host).is_nothing
