"""A host lets in whom the hub's CA signed for; each reason why not is told as itself."""

import time

import attrs
import pytest

from multiplespawner.adapters.outbound.ssh import UserCa
from ssh_entering import authenticator, failure, public, refusal, restart_with, run


async def test_a_host_without_the_ca(directory, target, host, ca):
    """The message has the line that the host needs, the command that prints it, and the way around."""
    host.trust_user_ca()
    failed = await refusal(authenticator(directory), target)
    assert failed.code == "ca_not_trusted"
    assert ca.public_keys()[0] in failed.message
    assert "multiplespawner ca" in failed.message
    assert "ssh_keyfile" in failed.message


async def test_a_host_of_another_ca(directory, target, host, tmp_path):
    """That it trusts somebody doesn't help."""
    host.trust_user_ca(*UserCa(tmp_path / "another").public_keys())
    assert (await refusal(authenticator(directory), target)).code == "ca_not_trusted"


async def test_a_key_where_the_ca_is_not_trusted_yet(directory, target, host, key_file):
    """Who configures enters with it; the notebook has its own key, which is trusted later."""
    host.trust_user_ca()
    host.authorize("admin", public(key_file))
    made = authenticator(directory, ssh_keyfile=str(key_file))
    credentials = await made.prepare(target)
    assert credentials.configuring.key_file == key_file
    assert await run(credentials.configuring, "id -un") == "admin\n"
    assert await failure(credentials.notebook) == "login_refused"
    host.trust_user_ca(*UserCa(directory).public_keys())
    renewed = await made.renew(target)
    assert renewed.configuring.key_file == key_file
    assert await run(renewed.notebook, "id -un") == "ada\n"
    await made.withdraw(target.folder)
    assert key_file.exists()


async def test_a_key_that_is_not_needed(directory, target, key_file):
    """Where the CA is trusted, its certificate is the way in."""
    credentials = await authenticator(directory, ssh_keyfile=str(key_file)).prepare(target)
    assert credentials.configuring.key_file.parent == target.folder


async def test_an_existing_key_of_corc(directory, target, host, key_file):
    """`load_existing` names the key that lets in, as it did."""
    host.trust_user_ca()
    host.authorize("admin", public(key_file))
    made = authenticator(
        directory, load_existing=True, ssh_dir_path=str(key_file.parent), key_name=key_file.name
    )
    assert (await made.prepare(target)).configuring.key_file == key_file


async def test_a_key_that_is_not_accepted(directory, target, host, key_file):
    """The message tells what to do with the key, and what with the CA."""
    host.trust_user_ca()
    failed = await refusal(authenticator(directory, ssh_keyfile=str(key_file)), target)
    assert failed.code == "login_refused"
    assert "authorized_keys" in failed.message
    assert "multiplespawner ca" in failed.message


@pytest.mark.parametrize("way", ["no key", "refused key", "key", "clock"])
async def test_a_start_takes_one_login(directory, target, host, key_file, monkeypatch, way):
    """Whatever is refused in it: sshd shuts out whose logins fail again and again."""
    now = time.time()
    if way == "clock":
        monkeypatch.setattr(time, "time", lambda: now - 86400)
    else:
        host.trust_user_ca()
    if way == "key":
        host.authorize("admin", public(key_file))
    settings = {"ssh_keyfile": str(key_file)} if way in ("key", "refused key") else {}
    made = authenticator(directory, **settings)
    if way == "key":
        await made.prepare(target)
    else:
        await refusal(made, target)
    assert host.sshd_log().count("Connection from") == 1


@pytest.mark.parametrize("tries", [1, 2, 3])
async def test_a_host_that_looks_at_few_keys(directory, target, host, tries):
    """That it hangs up then is a refusal."""
    host.trust_user_ca()
    restart_with(host, f"MaxAuthTries {tries}")
    assert (await refusal(authenticator(directory), target)).code == "ca_not_trusted"


@pytest.mark.parametrize("mode", [0o644, 0o640])
async def test_a_key_that_others_read(directory, target, host, key_file, mode):
    """OpenSSH would refuse it, too."""
    host.trust_user_ca()
    key_file.chmod(mode)
    failed = await refusal(authenticator(directory, ssh_keyfile=str(key_file)), target)
    assert failed.code == "key_unusable"
    assert f"chmod 600 {key_file}" in failed.message


async def test_a_key_that_is_not_there(directory, target, host, tmp_path):
    """Its name is told."""
    host.trust_user_ca()
    failed = await refusal(authenticator(directory, ssh_keyfile=str(tmp_path / "none")), target)
    assert failed.code == "key_unusable"
    assert str(tmp_path / "none") in failed.message


async def test_keys_without_certificates(directory, target, host, key_file):
    """Without certificates it takes a key, and the host must be told of the notebook's."""
    assert (await refusal(authenticator(directory, create_certificate=False), target)).code == (
        "login_refused"
    )
    host.authorize("admin", public(key_file))
    made = authenticator(directory, create_certificate=False, ssh_keyfile=str(key_file))
    credentials = await made.prepare(target)
    assert (credentials.serial, credentials.until) == (None, None)
    host.authorize("ada", credentials.public_key)
    assert await run((await made.renew(target)).notebook, "id -un") == "ada\n"


async def test_another_time(directory, target, monkeypatch):
    """A host for which the certificate has expired is told from one that doesn't trust the CA."""
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now - 86400)
    assert (await refusal(authenticator(directory), target)).code == "certificate_expired"


async def test_an_account_that_is_not_let_in(directory, target, host):
    """That the CA is trusted is known by then: it must be the account, or its principal."""
    made = await authenticator(directory).prepare(attrs.evolve(target, account="nobody-known"))
    assert await failure(made.notebook) == "principal_refused"


async def test_a_principal_that_is_not_listed(directory, target, host):
    """A host that lists principals lets in those whose account is listed for it."""
    host.run("mkdir", "-p", "/etc/ssh/principals")
    host.write("/etc/ssh/principals/admin", "admin\n")
    restart_with(host, "AuthorizedPrincipalsFile /etc/ssh/principals/%u")
    made = await authenticator(directory).prepare(target)
    assert await failure(made.notebook) == "principal_refused"
    host.write("/etc/ssh/principals/ada", "ada\n")
    assert await run(made.notebook, "id -un") == "ada\n"


async def test_a_certificate_that_was_not_renewed(directory, target, monkeypatch):
    """What ended is told from what is not trusted."""
    now = time.time()
    with monkeypatch.context() as earlier:
        earlier.setattr(time, "time", lambda: now - 540)
        made = await authenticator(directory).prepare(target)
        earlier.setattr(time, "time", lambda: now - 3600)
        made = await authenticator(directory).renew(target)
    assert await failure(made.notebook) == "certificate_expired"
    assert await run((await authenticator(directory).renew(target)).notebook, "id -un") == "ada\n"
