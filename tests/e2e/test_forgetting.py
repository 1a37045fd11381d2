"""A person who was forgotten is named nowhere in what we keep, and what happened can still be told."""

import json
import subprocess
import sys

import pytest

from e2e.hubs import local, real_hub

NAME = "zebulon-quigley"


@pytest.fixture(scope="module")
def hub(proxy, tmp_path_factory):
    """A hub with an offer that works, and one that needs an account that nobody has."""
    accounts = {"class": "jupyterhub.spawner.LocalProcessSpawner"}
    offers = [local("Works"), local("Fails", spawner=accounts)]
    with real_hub(tmp_path_factory.mktemp("hub"), proxy, offers=(offers,)) as started:
        yield started


def run(hub, *arguments: str) -> str:
    """What a command answers on the hub's folder."""
    command = [sys.executable, "-c", "from multiplespawner.adapters.inbound.cli import main; main()"]
    where = ["--directory", str(hub.folder / "ms")]
    return subprocess.run(
        [*command, *arguments, *where], capture_output=True, text=True, check=True, timeout=60
    ).stdout


def kept(hub) -> dict[str, bytes]:
    """The content of all that we keep, by path."""
    files = (file for file in (hub.folder / "ms").rglob("*") if file.is_file())
    return {str(file): file.read_bytes() for file in files}


def test_a_forgotten_person_is_named_nowhere(hub):
    """After a whole life, a failed start and the end of the hub; chain and replay are as whole as before."""
    hub.launch(NAME, offer="Works: machine")
    hub.stop_server(NAME)
    hub.api("POST", f"users/{NAME}/server", json={"offer": "Fails: machine"})
    hub.wait("the failure", lambda: hub.fact("session.failed"))
    hub.wait("release", hub.nothing_is_held)
    assert NAME in run(hub, "sessions", "--all")
    assert [path.rpartition("/")[2] for path, content in kept(hub).items() if NAME.encode() in content] == [
        "names.sqlite"
    ]
    run(hub, "forget", NAME, "--yes")
    assert [path for path, content in kept(hub).items() if NAME.encode() in content] == []
    hub.stop()
    assert [path for path, content in kept(hub).items() if NAME.encode() in content] == []
    assert json.loads(run(hub, "log", "verify", "--json"))["damage"] is None
    for line in run(hub, "sessions", "--all", "--json").splitlines():
        session = json.loads(line)
        assert (
            json.loads(run(hub, "replay", session["session"], "--json"))["session"]["server"]["user"]
            == session["user"]
        )
