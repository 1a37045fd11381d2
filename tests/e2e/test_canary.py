"""No secret is ever where it could be read: each is searched for, and each search finds what is put there."""

import json
import shutil
import sqlite3
import subprocess
import sys
from base64 import b64encode
from secrets import token_hex

import pytest

from e2e.browsers import said
from e2e.hubs import STAND_IN, local, real_hub
from e2e.leaks import EVERYWHERE, Traces, leaks, private_store

CONFIG = """
import os
def put_a_secret(spawner):
    spawner.environment["FROM_HOOK"] = os.environ["CANARY_HOOK"]
c.Spawner.pre_spawn_hook = put_a_secret
c.JupyterHub.log_level = "DEBUG"
c.MultipleSpawner.log_format = "json"
"""
VARIABLES = ("CANARY_HOOK", "CANARY_ENV", "CANARY_STATE")


@pytest.fixture(scope="module")
def secrets(tmp_path_factory):
    """Variables of the hub's process, and a file outside of the hub's folder that only its owner can read."""
    made = {name: f"canary{token_hex(16)}" for name in (*VARIABLES, "CANARY_FILE")}
    file = tmp_path_factory.mktemp("secrets") / "secret"
    file.touch(mode=0o600)
    file.write_text(made["CANARY_FILE"] + "\n")
    return {**made, "file": str(file)}


@pytest.fixture(scope="module")
def hub(proxy, tmp_path_factory, secrets):
    """A hub whose two offers know all secrets; one tells them in an error when it starts."""
    kwargs = {
        "cmd": STAND_IN,
        "password": {"secret": "env:CANARY_ENV"},
        "passphrase": {"secret": f"file:{secrets['file']}"},
    }
    spawner = {"class": "e2e.inner_spawners.SpawnerWithSecrets", "kwargs": kwargs}
    failing = {**spawner, "class": "e2e.inner_spawners.SpawnerThatFailsWithSecrets"}
    environment = {name: secrets[name] for name in VARIABLES}
    environment["CANARY_TOKEN_FILE"] = f"{secrets['file']}-token"
    offers = ([local("Good", spawner=spawner), local("Bad", spawner=failing)],)
    folder = tmp_path_factory.mktemp("hub")
    with real_hub(folder, proxy, offers=offers, config=CONFIG, environment=environment) as started:
        yield started


@pytest.fixture(scope="module")
def canaries(secrets):
    """The secrets by their names."""
    return {name: secret for name, secret in secrets.items() if name.startswith("CANARY")}


def test_a_running_server_leaks_nothing(hub, canaries):
    """Its own token, the hook's secret, the template's two, its state's; this one is in the private store."""
    traces = Traces(hub.folder)
    told = hub.launch("ann", offer="Good: machine")
    canaries["API_TOKEN"] = told["env"]["JUPYTERHUB_API_TOKEN"]
    assert told["env"]["FROM_HOOK"] == canaries["CANARY_HOOK"]
    traces.answers.extend(said(hub, "ann"))
    assert leaks(traces, canaries) == []
    assert private_store(traces, canaries["CANARY_STATE"])


def test_a_stopped_server_leaves_nothing_in_private_either(hub, canaries):
    """What was kept for it is destroyed once nothing needs it."""
    traces = Traces(hub.folder)
    hub.stop_server("ann")
    hub.wait("release", hub.nothing_is_held)
    everywhere = {**EVERYWHERE, "private_store": private_store}
    hub.wait("clean private store", lambda: not leaks(traces, canaries, {"private": private_store}))
    traces.answers.extend(said(hub, "ann"))
    assert leaks(traces, canaries, everywhere) == []


@pytest.fixture(scope="module")
def failed(hub, canaries, secrets):
    """All that is left of a start that failed with an error which tells all secrets."""
    traces = Traces(hub.folder)
    hub.api("POST", "users/bob")
    answer = hub.api("POST", "users/bob/server", json={"offer": "Bad: machine"})
    assert answer.status_code == 500
    with open(f"{secrets['file']}-token") as file:
        canaries["API_TOKEN_OF_BOB"] = file.read()
    traces.answers.extend([answer.text, *said(hub, "bob")])
    hub.wait("release", hub.nothing_is_held)
    hub.wait("clean private store", lambda: not leaks(traces, canaries, {"private": private_store}))
    return traces


def test_a_failed_start_leaks_nothing(failed, canaries):
    """Neither to users nor into any record; of the log, what is ours says nothing."""
    assert [leak for leak in leaks(failed, canaries) if "hub.log" not in leak] == []
    ours = [line for line in (failed.folder / "hub.log").read_text().splitlines() if line.startswith("{")]
    assert any("session.failed" in line for line in ours)
    assert leaks(Traces(failed.folder, ours), canaries, {"structured log": EVERYWHERE["answers"]}) == []


def test_an_inner_spawners_error_is_not_logged_by_the_hub(failed, canaries):
    """What was never meant for anybody does not reach the hub's own log."""
    assert leaks(failed, canaries, {"log": EVERYWHERE["written_logs"]}) == []


def in_event_log(traces, secret):
    """Put it into a record's payload."""
    with sqlite3.connect(traces.folder / "ms" / "events.sqlite") as log:
        log.execute(
            "UPDATE stored_events SET state = ? WHERE rowid = 1", (json.dumps({"x": secret}).encode(),)
        )


def in_hub_database(traces, secret):
    """Put it into a spawner's state."""
    with sqlite3.connect(traces.folder / "jupyterhub.sqlite") as database:
        changed = database.execute("UPDATE spawners SET state = ?", (json.dumps({"token": secret}),))
        assert changed.rowcount


def in_written_logs(traces, secret):
    """Write a line."""
    with (traces.folder / "hub.log").open("a") as log:
        log.write(f"Starting with password {secret}.\n")


def in_files(traces, secret):
    """Make a file of the private store readable for others."""
    store = traces.folder / "ms" / "private" / "deployment"
    store.mkdir(mode=0o700, parents=True, exist_ok=True)
    (store / "x+json").write_text(secret)
    (store / "x+json").chmod(0o644)


def in_answers(traces, secret):
    """Say it."""
    traces.answers.append(f"<p>{secret}</p>")


@pytest.mark.parametrize(
    ("place", "leak"),
    [
        ("event_log", in_event_log),
        ("hub_database", in_hub_database),
        ("written_logs", in_written_logs),
        ("files", in_files),
        ("answers", in_answers),
    ],
)
def test_what_is_leaked_on_purpose_is_found(hub, tmp_path, place, leak):
    """Each search finds its own leak in a copy of what the hub left, and nothing before."""
    traces, secret = Traces(tmp_path / "copy"), f"canary{token_hex(16)}"
    shutil.copytree(hub.folder, traces.folder)
    search = EVERYWHERE[place]
    assert search(traces, secret) == []
    leak(traces, secret)
    assert search(traces, secret)


def test_a_secret_in_arguments_is_found(tmp_path):
    """A process that got it on its command line is seen."""
    secret = f"canary{token_hex(16)}"
    search, traces = EVERYWHERE["arguments"], Traces(tmp_path)
    assert search(traces, secret) == []
    with subprocess.Popen([sys.executable, "-c", "input()", secret], stdin=subprocess.PIPE) as process:
        assert search(traces, secret) == [f"process {process.pid}"]
        process.kill()


def test_a_secret_inside_base64_is_found(tmp_path):
    """Encoded with something before it, as in a header."""
    secret = f"canary{token_hex(16)}"
    for before in ("", "a", "ab", "abc"):
        text = b64encode(f"{before}{secret}:x".encode()).decode()
        assert EVERYWHERE["answers"](Traces(tmp_path, [text]), secret)
