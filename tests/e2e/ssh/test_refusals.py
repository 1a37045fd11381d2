"""Each reason why there is no notebook has words and a code of its own, and leaves nothing anywhere."""

import pytest

from e2e.over_ssh import reservations
from e2e.ssh.refusing_hosts import ADMINISTRATOR, Refusing, refusing
from multiplespawner.adapters.inbound.hub.advice import ADVICE
from multiplespawner.adapters.outbound.ssh import fingerprint


@pytest.fixture(scope="module")
def site(ssh_possible, proxy, tmp_path_factory):
    """A hub with hosts of which each refuses in its own way."""
    with refusing(tmp_path_factory.mktemp("refusing"), proxy) as site:
        yield site


def refused(site: Refusing, user: str, offer: str, code: str) -> str:
    """The message of a start that is refused with this code; nothing is left of it."""
    told = site.refused(user, offer)
    assert (told.code, told.advice) == (code, ADVICE[code]), told
    assert code in told.text
    assert told.message
    site.hub.wait("end of all that was begun", lambda: not site.left())
    return told.message


def test_another_host_key_than_the_pinned_one(site):
    """The message has both keys; nothing was sent to whoever shows it."""
    message = refused(site, "ann", "changed", "host_key_mismatch")
    assert fingerprint(site.hosts["changed"].host_key) in message
    assert site.pinned("changed") in message


def test_a_host_key_that_nobody_knows(site):
    """The message has the key, to be compared."""
    message = refused(site, "ann", "unknown", "host_key_unknown")
    assert fingerprint(site.hosts["unknown"].host_key) in message
    assert not (site.hub.folder / "ms" / "ssh" / "known_hosts").exists()


def test_a_host_of_another_ca(site):
    """The provider is not let in; the message says which CA the host must trust."""
    assert "`multiplespawner ca`" in refused(site, "ann", "foreign", "login_refused")


def test_a_host_that_lets_in_only_the_provider(site):
    """The authenticator is not let in; the message has the line that the host needs."""
    assert "TrustedUserCAKeys" in refused(site, "ann", "keyed", "ca_not_trusted")


@pytest.mark.parametrize("offer", ["good", "dated"])
def test_certificates_that_have_expired(site, offer):
    """The hub's clock is late: both provider and authenticator say that it is about time."""
    late = site.hub.folder / "late"
    late.touch()
    try:
        refused(site, "ann", offer, "certificate_expired")
    finally:
        late.unlink()


def test_a_principal_that_is_not_listed(site):
    """The host lists whom it lets into the account, and we are not among them."""
    assert "AuthorizedPrincipalsFile" in refused(site, "ann", "listed", "principal_refused")


def test_an_account_that_is_not_there(site):
    """The message names it."""
    assert "'zoe'" in refused(site, "zoe", "good", "principal_refused")


def test_a_host_without_python(site):
    """For the notebook itself."""
    assert site.hosts["bare"].address in refused(site, "ann", "bare", "no_python")


def test_a_host_without_python_for_ansible(site):
    """Told before anything was changed there."""
    assert site.hosts["bare"].address in refused(site, "ann", "bare-configured", "python_missing")


def test_a_playbook_that_is_missing(site):
    """The message names it."""
    assert "missing.yml" in refused(site, "ann", "missing", "playbook_missing")


def test_a_playbook_that_fails(site):
    """The message names the task, the host and the reason, and the log has the first two for programs."""
    message, address = refused(site, "ann", "failing", "task_failed"), site.hosts["good"].address
    assert all(said in message for said in ("Mount the data", address, "no disk is labelled data"))
    fact = site.hub.fact("deployment.configurer_failed")
    assert (fact["task"], fact["host"]) == ("Mount the data", address)


@pytest.mark.parametrize("offer", ["down", "pair"])
def test_a_pool_without_room(site, offer):
    """The host that is out of order is passed over; then there is none left in order, or no room."""
    site.hub.launch("bob", offer="pair: any")
    taken = [stream for stream, topic in site.hub.facts() if topic == "allowance.reserved"]
    assert taken[-1] == f"pool:hosts/{site.hosts['good'].name}"
    told = site.refused("ann", offer)
    assert told.code == {"down": "no_machine_usable", "pair": "pool_full"}[offer]
    assert told.advice == ADVICE[told.code]
    assert reservations(site.hub) == 1
    site.hub.stop_server("bob")
    site.hub.wait("end of all that was begun", lambda: not site.left())


@pytest.mark.parametrize(
    ("user", "offer", "code"),
    [
        ("root", "good", "account_not_possible"),
        ("a.b@uni.ch", "good", "account_not_possible"),
        (ADMINISTRATOR, "harmless", "account_reserved"),
        # another offer names it, for the same hosts
        (ADMINISTRATOR, "good", "account_reserved"),
    ],
)
def test_accounts_that_nobody_gets(site, user, offer, code):
    """That of the system, one that can't be, and the one that configures."""
    assert "account" in refused(site, user, offer, code)
