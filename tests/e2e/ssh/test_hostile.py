"""Names and choices that are programs in some language: mapped or refused, and literal everywhere."""

import pytest
from jupyterhub.utils import url_escape_path

from e2e.over_ssh import left_on, reservations
from e2e.ssh.hostile_texts import ENVIRONMENT, LOOKUP, ODD, hostile

PEOPLE = {
    "a.b@uni.ch": ("", "$(id) {auth_key}", "'; id {endpoint} {option.course}"),
    "a-b@uni-ch": ("", "'; id", "../../x"),
    ODD: (LOOKUP, "../../x", "one\n'two' \"$(id)\"\n$HOME `id`"),
}
"""By name: what their server is called, and what they choose."""


@pytest.fixture(scope="module")
def site(ssh_possible, proxy, tmp_path_factory):
    """A hub with one host."""
    with hostile(tmp_path_factory.mktemp("hostile"), proxy) as site:
        yield site


@pytest.fixture(scope="module")
def told(site):
    """What the servers of all these people say of how they were started, on accounts that were made."""
    for user, (server, course, note) in PEOPLE.items():
        site.begin(user, server, "made", course=course, note=note)
    return {user: site.told(user, server) for user, (server, *_) in PEOPLE.items()}


@pytest.mark.parametrize("user", PEOPLE)
def test_the_notebook_gets_them_as_they_are(told, user):
    """In its environment and arguments; so are the quotes, lines and dollars of the template."""
    server, course, note = PEOPLE[user]
    env = told[user]["env"]
    assert (env["WHO"], env["COURSE"], env["NOTE"]) == (user, f"<{course}>", note)
    assert (env["QUOTES"], env["LINES"]) == (ENVIRONMENT["QUOTES"], ENVIRONMENT["LINES"])
    assert f"--course={course}" in told[user]["argv"]
    assert (env["JUPYTERHUB_USER"], env["JUPYTERHUB_SERVER_NAME"]) == (user, server)


@pytest.mark.parametrize("user", PEOPLE)
def test_ansible_gets_them_as_they_are(site, told, user):
    """What the playbook writes of its variables; only what the administrator wrote is a template."""
    _, course, note = PEOPLE[user]
    who, *seen = site.seen(told[user]["env"]["USER"])
    assert (who, seen) == (user, [course, [{"deep": f"<{note}>"}], 2])


def test_each_has_an_account_that_nobody_else_gets(told):
    """Also those whose names look the same once they are tidied up."""
    accounts = [told[user]["env"]["USER"] for user in PEOPLE]
    assert len(set(accounts)) == len(PEOPLE)
    assert [account.rpartition("-")[0] for account in accounts[:2]] == ["nb-a-b-uni-ch", "nb-a-b-uni-ch"]
    assert all(
        told[user]["cwd"] == f"/home/{account}" for user, account in zip(PEOPLE, accounts, strict=True)
    )


def test_nothing_of_them_was_run_or_led_anywhere(site, told):
    """No output of `id` on host or hub, and no file where one would lead to."""
    assert "uid=" not in site.hub.log
    assert "uid=" not in site.host.run("sh", "-c", "cat /var/lib/seen/*")
    assert site.host.run("find", "/home", "/root", "/tmp", "/var", "-name", "x", "-o", "-name", "*{{*") == ""
    assert not list(site.hub.folder.parent.rglob("x"))


def test_the_event_log_has_them_as_they_are(site, told):
    """What was chosen can be read there as it was typed."""
    (_, course, note), fact = PEOPLE[ODD], site.hub.fact("session.requested")
    assert dict(fact["selection"]["options"]) == {"course": course, "note": note}


def test_a_fixed_account(site):
    """It is the notebook's whatever the user is called."""
    user = f"x{LOOKUP}"
    site.begin(user, "", "fixed", course="$(id)", note="'")
    env = site.told(user, "")["env"]
    assert (env["USER"], env["WHO"], env["COURSE"], env["NOTE"]) == ("ann", user, "<$(id)>", "'")
    site.end(user, "")


@pytest.mark.parametrize("user", ["a.b@uni.ch", LOOKUP, "o'neil", 'say "hi"', "$(id)", "-oproxycommand=id"])
def test_names_that_can_be_no_account(site, told, user):
    """Where the account must be there already, they are refused."""
    name = url_escape_path(user)
    site.hub.api("POST", f"users/{name}")
    answer = site.hub.api("POST", f"users/{name}/servers/other", json={"offer": "existing: any"})
    assert (answer.status_code, answer.json()["reason"]) == (400, "account_not_possible")


def test_lines_where_one_is_taken(site):
    """An option without a pattern takes one line."""
    asked = {"offer": "fixed: any", "options": {"course": "one\ntwo"}}
    site.hub.api("POST", "users/ann")
    answer = site.hub.api("POST", "users/ann/server", json=asked)
    assert (answer.status_code, answer.json()["reason"]) == (400, "bad_option")


def test_what_no_program_can_get(site):
    """A NUL is told as what it is, and nothing is left of the start."""
    site.hub.api("POST", "users/ann")
    asked = {"offer": "fixed: any", "options": {"note": "a\0b"}}
    answer = site.hub.api("POST", "users/ann/server", json=asked)
    assert answer.json()["reason"] == "setting_unusable"
    site.hub.wait("end", lambda: not site.hub.api("GET", "users/ann").json()["pending"])


def test_nothing_is_left(site, told):
    """Neither on the host nor in the log."""
    for user, (server, *_) in PEOPLE.items():
        site.end(user, server)
    site.hub.wait("release", site.hub.nothing_is_held)
    assert reservations(site.hub) == 0
    assert left_on(site.host).is_nothing
