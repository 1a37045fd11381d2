"""The playbook that ships prepares real hosts; EL can't be had here: unit tests see to its conditions."""

import asyncio
import subprocess
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import attrs
import cattrs
import pytest

from ansible_rig import ADMINISTRATOR, Site, applied, arguments_of
from multiplespawner.adapters.inbound.cli.authorities import SSHD, TRUSTED
from multiplespawner.adapters.outbound.providers.hosts.pool import HostsProvider
from multiplespawner.adapters.outbound.providers.hosts.settings import HostsSettings
from multiplespawner.adapters.outbound.ssh.user_ca import UserCa
from multiplespawner.application.ports.configurer import ConfigurationFailed, Work
from multiplespawner.application.ports.provider import Provider, ResourceSpec
from multiplespawner.domain.values import Hardware
from ssh_hosts import SshHost, ssh_hosts
from stand_in_wheels import write_wheels

PLAYBOOK = "setup_ssh_spawner.yml"
OFFLINE = {"multiplespawner_pip_arguments": ["--no-index", "--find-links", "/srv/wheels"]}
PROGRAM = "/usr/local/bin/jupyterhub-singleuser"
PID_FILE = "/run/sshd.pid"


@pytest.fixture(scope="module")
def prepared(ssh_possible: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A hub, and a host that was set up for ada and whose sshd knew nothing of CAs before."""
    folder = tmp_path_factory.mktemp("prepared")
    with ssh_hosts(folder / "hosts") as hosts:
        host = hosts[0]
        bare(host)
        write_wheels(host.root / "srv/wheels")
        site = Site.found(host, folder / "hub")
        asyncio.run(both(site, folder))
        yield site


async def both(site: Site, folder: Path) -> None:
    """Set it up for two at once, as when two sessions begin on one host."""
    carol = attrs.evolve(site.work(folder / "other-run"), account="carol")
    await asyncio.gather(changes(site, site.work()), changes(site, carol))


def bare(host: SshHost, more: str = "") -> None:
    """Take the CA out of the settings of a host's sshd, and add more of them."""
    config = host.run("grep", "-v", "TrustedUserCAKeys", "/etc/ssh/sshd_config") + more
    host.stop_sshd()
    host.write("/etc/ssh/sshd_config", config)
    host.start_sshd()


def stand_in(host: SshHost) -> None:
    """Have JupyterHub there already, as far as the playbook looks."""
    programs = f"/opt/multiplespawner/jupyterhub-{version('jupyterhub')}/bin"
    host.run("mkdir", "-p", programs)
    for program in ("python", "jupyterhub-singleuser"):
        host.write(f"{programs}/{program}", "#!/bin/sh\n", mode=0o755)


async def changes(site: Site, work: Work, **variables: object) -> list[str]:
    """Apply the playbook; which tasks changed something."""
    configurer = site.with_playbook(PLAYBOOK, variables={**OFFLINE, **variables})
    return [each.task for each in await applied(configurer, work) if each.state == "changed"]


async def refusal(site: Site, work: Work, **variables: object) -> ConfigurationFailed:
    """Apply it; why that fails."""
    with pytest.raises(ConfigurationFailed) as failed:
        await changes(site, work, **variables)
    return failed.value


def test_the_account_can_run_the_notebook_server_of_the_hub(prepared):
    """It has a home and a shell, and finds the program in the hub's version."""
    said = prepared.host.run("su", "-", "ada", "-c", "echo $HOME; jupyterhub-singleuser")
    assert said.split() == ["/home/ada", version("jupyterhub")]
    assert prepared.host.run("readlink", PROGRAM).startswith("/opt/multiplespawner/")


@pytest.mark.parametrize(
    ("account", "enters"), [("ada", True), ("carol", True), (ADMINISTRATOR, True), ("eve", False)]
)
def test_certificates_open_the_accounts_that_were_set_up(prepared, tmp_path, account, enters):
    """The hub's signature is good for these accounts, and for no other of the host."""
    if not enters:
        prepared.host.account(account)
    assert lets_in(prepared, tmp_path, account) is enters


async def test_the_second_time_nothing_changes(prepared, tmp_path):
    """No task; and a certificate does for it now, without an authorized key or a terminal."""
    keys = prepared.host.files_of(ADMINISTRATOR) / ".ssh/authorized_keys"
    kept = keys.read_text()
    keys.write_text("")
    work = prepared.work()
    access = attrs.evolve(work.access, key_file=certified(prepared, tmp_path, ADMINISTRATOR))
    try:
        assert await changes(prepared, attrs.evolve(work, access=access)) == []
    finally:
        keys.write_text(kept)


def test_sessions_of_dead_connections_end_soon(prepared):
    """As with the lines that `multiplespawner ca` prints."""
    said = prepared.host.run("/usr/sbin/sshd", "-T").splitlines()
    assert set(map(str.lower, SSHD[1:])) <= set(said)


async def test_who_has_said_how_long_dead_connections_stay_is_not_overruled(ssh_possible, tmp_path):
    """The first of several values counts, and a drop-in is read first."""
    with ssh_hosts(tmp_path / "hosts") as hosts:
        site = Site.found(hosts[0], tmp_path / "hub")
        bare(site.host, "ClientAliveInterval 300\n")
        stand_in(site.host)
        assert "Write the drop-in" in await changes(site, site.work())
        assert "clientaliveinterval 300" in site.host.run("/usr/sbin/sshd", "-T").splitlines()
        assert await changes(site, site.work()) == []


async def test_an_environment_of_somebody_elses_keeps_what_is_in_it(prepared):
    """One that the settings name and that lacks the hub's version gets that, and loses nothing."""
    prepared.host.run("python3", "-m", "venv", "/srv/shared")
    prepared.host.write("/srv/shared/kept", "")
    try:
        made = await changes(prepared, prepared.work(), multiplespawner_venv="/srv/shared")
        assert any(task.startswith("Install JupyterHub") for task in made)
        assert prepared.host.run("readlink", PROGRAM).startswith("/srv/shared/")
        assert (prepared.host.root / "srv/shared/kept").exists()
    finally:
        await changes(prepared, prepared.work())


async def test_an_account_of_the_system_is_refused(prepared):
    """Whoever has such a name gets no notebook that runs as it."""
    failed = await refusal(prepared, attrs.evolve(prepared.work(), account="daemon"))
    assert (failed.code, failed.task) == ("task_failed", "See that it is no account of the system")
    assert "daemon" in failed.message


async def test_a_missing_account_is_made_only_where_that_is_wanted(prepared):
    """By the offer, or by the variable of older templates."""
    failed = await refusal(prepared, attrs.evolve(prepared.work(), account="bob", create_account=False))
    assert failed.task == "See that the account is there or may be made"
    made = await changes(
        prepared,
        attrs.evolve(prepared.work(), account="bob", create_account=False),
        new_username="{JUPYTERHUB_USER}",
    )
    assert "Make the account" in made
    assert (prepared.host.files_of("bob")).is_dir()


async def test_hubs_do_not_take_each_others_keys_away(prepared, tmp_path):
    """Each has lines of its own in the file, with all keys that it has while one is exchanged."""
    trusted = prepared.host.root / "etc/ssh/multiplespawner/user_ca.pub"
    before = trusted.read_text()
    state = tmp_path / "state"
    state.mkdir(mode=0o700)
    other = attrs.evolve(prepared, directory=state)
    UserCa(state).rotate()
    assert len(UserCa(state).public_keys()) == 2
    await changes(other, prepared.work())
    assert before.strip() in trusted.read_text()
    for key in (*UserCa(state).public_keys(), *UserCa(prepared.state).public_keys()):
        assert key in trusted.read_text()


async def test_a_host_that_trusts_the_ca_by_hand_lets_in_whom_it_did(ssh_possible, tmp_path):
    """The lines that `multiplespawner ca` prints open all accounts; the pool still ends what it began."""
    with ssh_hosts(tmp_path / "hosts") as hosts:
        site = Site.found(hosts[0], tmp_path / "hub")
        site.host.run("mkdir", "-p", str(Path(TRUSTED).parent))
        site.host.write(TRUSTED, "".join(f"{key}\n" for key in UserCa(site.state).public_keys()))
        bare(site.host, "".join(f"{line}\n" for line in SSHD))
        stand_in(site.host)
        lease = await member(site).ensure(
            "a" * 16 + "-" + "b" * 32, ResourceSpec("bare_metal", Hardware(), None)
        )
        assert "Write the drop-in" in await changes(site, site.work())
        for account in ("root", "ada", ADMINISTRATOR):
            assert lets_in(site, tmp_path / account, account)
        # another, so that it logs in anew
        await member(site).destroy(lease.id)
        assert await changes(site, site.work()) == []


async def test_the_account_of_the_provider_may_be_named(prepared, tmp_path):
    """Where it isn't the one that configures, it gets in by certificate, too."""
    assert not lets_in(prepared, tmp_path / "before", "root")
    assert await changes(prepared, prepared.work(), multiplespawner_provider_account="root") == [
        "Let them into these accounts"
    ]
    assert lets_in(prepared, tmp_path / "after", "root")


async def test_an_account_of_a_directory_may_have_a_notebook(prepared):
    """Active Directory and its like have numbers far above those of the machine."""
    prepared.host.run("useradd", "--create-home", "--password", "*", "--uid", "200000", "dora")
    work = attrs.evolve(prepared.work(), account="dora", create_account=False)
    assert await changes(prepared, work) == ["Let them into these accounts"]


async def test_an_sshd_that_just_starts_anew_is_waited_for(ssh_possible, tmp_path):
    """As when another session's set-up has told it to: meanwhile it has no file with its number."""
    with ssh_hosts(tmp_path / "hosts") as hosts:
        site = Site.found(hosts[0], tmp_path / "hub")
        bare(site.host)
        stand_in(site.host)
        site.host.run("mv", PID_FILE, f"{PID_FILE}.away")
        run = asyncio.ensure_future(changes(site, site.work()))
        while not run.done() and not tells(site):
            await asyncio.sleep(0.02)
        site.host.run("mv", f"{PID_FILE}.away", PID_FILE)
        assert "Have sshd read its settings" in await run
        assert lets_in(site, tmp_path / "key", "ada")


async def test_a_ca_that_is_trusted_already_stays(ssh_possible, tmp_path):
    """Where sshd has a file of trusted keys, ours are added to it, and its settings are left alone."""
    with ssh_hosts(tmp_path / "hosts") as hosts:
        site = Site.found(hosts[0], tmp_path / "hub")
        subprocess.run(["ssh-keygen", "-qt", "ed25519", "-N", "", "-f", tmp_path / "ca"], check=True)
        theirs = (tmp_path / "ca.pub").read_text()
        site.host.trust_user_ca(theirs.strip())
        settings = (site.host.root / "etc/ssh/sshd_config").read_text()
        stand_in(site.host)
        assert "Trust the hub's keys" in await changes(site, site.work())
        file = (site.host.root / "etc/ssh/user_ca_keys").read_text()
        assert theirs in file
        assert UserCa(site.state).public_keys()[0] in file
        assert (site.host.root / "etc/ssh/sshd_config").read_text() == settings
        assert await changes(site, site.work()) == []


async def test_an_sshd_that_does_not_understand_is_left_alone(ssh_possible, tmp_path):
    """The drop-in is taken away again, and who was let in before still is."""
    with ssh_hosts(tmp_path / "hosts") as hosts:
        site = Site.found(hosts[0], tmp_path / "hub")
        bare(site.host)
        stand_in(site.host)
        # what -T passes and -t doesn't
        site.host.run("mv", "/usr/sbin/sshd", "/usr/sbin/sshd.real")
        script = '#!/bin/sh\n[ "$1" != -t ] || exit 255\nexec /usr/sbin/sshd.real "$@"\n'
        site.host.write("/usr/sbin/sshd", script, mode=0o755)
        failed = await refusal(site, site.work())
        assert failed.task == "Say that sshd was left as it was"
        assert not (site.host.root / "etc/ssh/sshd_config.d/50-multiplespawner.conf").exists()


async def test_somebody_elses_program_is_not_replaced(ssh_possible, tmp_path):
    """A program in the way is told of."""
    with ssh_hosts(tmp_path / "hosts") as hosts:
        site = Site.found(hosts[0], tmp_path / "hub")
        stand_in(site.host)
        site.host.write(PROGRAM, "#!/bin/sh\n", mode=0o755)
        assert (await refusal(site, site.work())).task == "See that none is in the way"


def certified(site: Site, folder: Path, account: str) -> Path:
    """A key with a certificate of the hub's for an account."""
    key = folder / "session"
    subprocess.run(["ssh-keygen", "-qt", "ed25519", "-N", "", "-f", key], check=True)
    public = key.with_suffix(".pub").read_text().strip()
    line = UserCa(site.state).sign(public, principals=[account], serial=7, seconds=300, key_id="test")
    key.with_name("session-cert.pub").write_text(line + "\n")
    return key


def lets_in(site: Site, folder: Path, account: str) -> bool:
    """Whether the host lets in who has a certificate of the hub's for an account."""
    folder.mkdir(exist_ok=True)
    known = f"UserKnownHostsFile={site.folder / 'known_hosts'}"
    options = ["-F", "/dev/null", "-o", "IdentitiesOnly=yes", "-o", known, "-o", "BatchMode=yes"]
    command = ["ssh", *options, "-i", str(certified(site, folder, account)), f"{account}@{site.host.address}"]
    return subprocess.run([*command, "id", "-un"], capture_output=True, text=True).stdout.strip() == account


def member(site: Site) -> Provider:
    """The host, as a pool that enters it by certificate has it."""
    host = {"name": "h", "address": site.host.address, "host_key": site.host.host_key}
    return HostsProvider(cattrs.structure({"hosts": [host]}, HostsSettings), site.state).member("h")


def tells(site: Site) -> bool:
    """Whether a process of the host is about to have sshd start anew."""
    return any("-HUP" in said for each in site.host.processes() for said in arguments_of(each))
