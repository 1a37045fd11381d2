"""No secret is ever where another could read it, on the hub's machine and on the host, from start to end.

Ann's notebook is a real one, on a host that Ansible sets up; eve has an account on the same host.
"""

import contextlib
import json
import shlex
from pathlib import Path
from secrets import token_hex

import psutil
import pytest
import requests

from e2e.browsers import said
from e2e.hubs import LIMIT, real_hub
from e2e.leaks import EVERYWHERE, leaks, private_store
from e2e.over_ssh import CONFIGURER, SPAWNER, ca_of, left_on, over_ssh, pool, prepare
from e2e.ssh.watching import ON_MACHINES, Seen, Watch, ansibles_artifacts
from ssh_hosts import ssh_hosts

CONFIG = """
c.JupyterHub.log_level = "DEBUG"
c.MultipleSpawner.log_format = "json"
"""
VARIABLES = ("CANARY_HUB", "CANARY_KWARGS", "CANARY_RECIPE", TOLD := "CANARY_TOLD")
"""Of the hub's process: of no use, set on the notebook's spawner, and two that the playbook knows: it hides
the first of these."""

PLAY = {
    "hosts": "all",
    "gather_facts": False,
    "tasks": [
        {"name": "Look", "ansible.builtin.command": {"argv": ["true"]}},
        {
            "name": "Keep the password",
            "ansible.builtin.copy": {"dest": "/root/password", "content": "{{ password }}", "mode": "0600"},
            "no_log": True,
        },
        {"name": "Tell", "ansible.builtin.command": {"argv": ["wc", "-c"], "stdin": "{{ told }}"}},
        # what is noted is there from the end of that task until the end of the run
        {"name": "Rest", "ansible.builtin.command": {"argv": ["sleep", "1"]}},
    ],
}
NOT_IN_FILES = {name: search for name, search in {**EVERYWHERE, **ON_MACHINES}.items() if name != "files"}
"""Where keys must not be either, which lie in files for the hub alone."""


def offers(host):
    """Ann's with everything that is secret, and eve's."""
    environment = {
        "PASSWORD": {"secret": "env:CANARY_KWARGS"},
        "JUPYTERHUB_SINGLEUSER_APP": "jupyter_server.serverapp.ServerApp",
    }
    known = {"password": {"secret": "env:CANARY_RECIPE"}, "told": {"secret": f"env:{TOLD}"}}
    variables = {"ansible_user": "root", **known}
    recipe = {"host_variables": variables, "apply_kwargs": {"playbook_path": "keep.yml"}}
    kwargs = {"remote_hosts": ["{endpoint}"], "environment": environment}
    templates = [
        over_ssh(
            "Secretive",
            spawner={"class": SPAWNER, "kwargs": kwargs},
            configurer={"class": CONFIGURER, "options": recipe},
            start_timeout=90,
            http_timeout=90,
        ),
        over_ssh("Plain"),
    ]
    return templates, {"bare_metal": [{"name": "any", "hosts": pool([host], sessions=2)}]}


@pytest.fixture(scope="module")
def canaries():
    """The secrets by their names; more are added when they are made."""
    return {name: f"canary{token_hex(16)}" for name in VARIABLES}


@pytest.fixture(scope="module")
def seen(ssh_possible, proxy, notebook_programs, tmp_path_factory, canaries):
    """A watched hub, on whose host both have just been given a server."""
    folder = tmp_path_factory.mktemp("secrets")
    state = folder / "hub" / "ms"
    state.mkdir(mode=0o700, parents=True)
    (state / "keep.yml").write_text(json.dumps([PLAY]))
    with ssh_hosts(folder / "hosts") as (host,):
        prepare(host, "ann", "eve", ca=ca_of(state))
        host.install(notebook_programs)
        with (
            Watch(state) as watch,
            real_hub(
                folder / "hub", proxy, offers=offers(host), config=CONFIG, environment=canaries.copy()
            ) as hub,
        ):
            for user, offer in (("ann", "Secretive"), ("eve", "Plain")):
                hub.api("POST", f"users/{user}")
                answer = hub.api("POST", f"users/{user}/server", json={"offer": f"{offer}: any"})
                assert answer.status_code in (201, 202), answer.text
            for user in ("ann", "eve"):
                hub.wait(f"server of {user}", lambda user=user: hub.ready(user))
            yield Seen(folder / "hub", hub=hub, watch=watch, host=host)


def notebook_of(seen, account):
    """Variables of the process that is an account's notebook."""
    uid = int(seen.host.run("id", "-u", account))
    for process in seen.host.processes():
        with contextlib.suppress(psutil.Error):
            found = process.environ()
            if process.uids().real == uid and "JUPYTERHUB_SERVICE_URL" in found:
                return found
    raise AssertionError(f"{account} has no notebook")


def as_account(seen, account, *command, text=""):
    """What a command writes that somebody runs on the host, whether or not it succeeds."""
    quoted = f"{shlex.join(command)} 2>&1 || :"
    return seen.host.run("su", account, "-s", "/bin/sh", "-c", quoted, text=text)


def test_running_notebooks_leak_nothing(seen, canaries):
    """Secrets of the hub, of a template and of a recipe, the tokens of both, and every private key."""
    env = notebook_of(seen, "ann")
    assert env["PASSWORD"] == canaries["CANARY_KWARGS"]
    assert not {"CANARY_HUB", "CANARY_KWARGS"} & env.keys()
    assert seen.host.run("cat", "/root/password") == canaries["CANARY_RECIPE"]
    for user in ("ann", "eve"):
        canaries[f"TOKEN_OF_{user}"] = notebook_of(seen, user)["JUPYTERHUB_API_TOKEN"]
        seen.answers.extend(said(seen.hub, user))
    assert leaks_of(seen, canaries) == []


def leaks_of(seen, canaries):
    """All leaks but that of what the playbook tells, in what Ansible notes of the run."""
    hidden = {name: secret for name, secret in canaries.items() if name != TOLD}
    elsewhere = {name: search for name, search in ON_MACHINES.items() if search is not ansibles_artifacts}
    told = leaks(seen, {TOLD: canaries[TOLD]}, {**EVERYWHERE, **elsewhere})
    return [*told, *leaks(seen, hidden, {**EVERYWHERE, **ON_MACHINES})]


def test_what_a_playbook_does_not_hide_is_noted_for_the_hub_alone_and_removed(seen, canaries):
    """Only while the run lasts, in files of its own folder."""
    noted = ansibles_artifacts(seen, canaries[TOLD])
    assert noted
    store = seen.watch.folder / "private"
    assert all(Path(file).is_relative_to(store) for file in noted)
    assert store.stat().st_mode & 0o077 == 0
    assert leaks(seen, canaries, {"private": private_store}) == []


def test_the_watch_has_seen_what_it_is_for(seen):
    """Ansible, its artifacts, both programs on the host, and keys of all kinds."""
    together = b"\n".join(seen.watch.arguments)
    assert b"ansible-playbook" in together
    assert b"jupyterhub-singleuser" in together
    assert b"sys.version_info < (3, 6)" in together, "what starts the notebook was not seen"
    assert any(b"ANSIBLE_HOME" in each for each in seen.watch.environments)
    paths = {each.path for each in seen.watch.files}
    assert any("artifacts" in path.parts for path in paths)
    assert {"notebook", "configuring", "user_ca.json"} <= {path.name for path in paths}


def test_the_run_folders_are_for_their_accounts_alone(seen):
    """Folders, files and sockets of both."""
    for user in ("ann", "eve"):
        base = seen.host.files_of(user) / ".jupyterhub-resources"
        found = [base, *base.rglob("*")]
        assert len(found) > 3
        assert [each for each in found if each.lstat().st_mode & 0o077] == []


def test_the_other_one_on_the_host_can_read_nothing(seen, canaries):
    """The same search finds ann's token for ann, and for eve in no process and no file."""
    places = "/proc/[0-9]*/environ /proc/[0-9]*/cmdline /home /tmp /run /var/tmp"
    search = ["sh", "-c", f"grep -rlsF -f - {places}"]
    token = canaries["TOKEN_OF_ann"]
    assert "/environ" in as_account(seen, "ann", *search, text=token)
    assert as_account(seen, "eve", *search, text=token) == ""
    folder = notebook_of(seen, "ann")["JUPYTERHUB_SSH_RUN"]
    for command in (["ls", folder], ["cat", f"{folder}/run.json"], ["touch", f"{folder}/x"]):
        assert "denied" in as_account(seen, "eve", *command)


def test_the_other_one_can_not_use_the_port_without_the_token(seen, canaries):
    """On the host, and through the hub's proxy."""
    server = notebook_of(seen, "ann")["JUPYTERHUB_SERVICE_URL"].rstrip("/")
    asking = (
        "import sys, urllib.request, urllib.error\n"
        "token = sys.stdin.read()\n"
        "headers = {'Authorization': 'token ' + token} if token else {}\n"
        "try: print(urllib.request.urlopen(urllib.request.Request(sys.argv[1], headers=headers)).status)\n"
        "except urllib.error.HTTPError as error: print(error.code)\n"
    )
    tokens = {"": "403", seen.hub.token("eve"): "403", seen.hub.token("ann"): "200"}
    for token, status in tokens.items():
        asked = ["python3", "-I", "-c", asking, f"{server}/api/contents"]
        assert as_account(seen, "eve", *asked, text=token).strip() == status
        headers = {"Authorization": f"token {token}"}
        answer = requests.get(f"{seen.hub.url}/user/ann/api/contents", headers=headers, timeout=LIMIT)
        assert str(answer.status_code) == status


def test_stopped_notebooks_have_leaked_nothing(seen, canaries):
    """Neither while they were stopped, and nothing of any secret or key is kept then."""
    for user in ("ann", "eve"):
        seen.hub.stop_server(user)
        seen.answers.extend(said(seen.hub, user))
    seen.hub.wait("release", seen.hub.nothing_is_held)
    seen.hub.wait("clean private store", lambda: not leaks(seen, canaries, {"private": private_store}))
    assert left_on(seen.host).is_nothing
    assert leaks_of(seen, canaries) == []
    keys = {f"KEY_{number}": key for number, key in enumerate(seen.watch.private_keys())}
    assert len(keys) > 4
    assert leaks(seen, keys, NOT_IN_FILES) == []
    assert leaks(seen, keys, {"private": private_store}) == []
    assert list((seen.watch.folder / "ssh").glob("login-*")) == []
