"""From a request to the last trace, with stand-ins for notebooks."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from e2e.hubs import local, real_hub


@pytest.fixture(scope="module")
def hub(proxy, tmp_path_factory):
    """A hub that asks often, with an offer that works and one that fails."""
    failing = {"class": "e2e.inner_spawners.SpawnerThatFails"}
    offers = [local("Works", poll_interval=1), local("Fails", spawner=failing)]
    with real_hub(tmp_path_factory.mktemp("hub"), proxy, offers=(offers,)) as started:
        yield started


def test_a_server_starts_tells_where_it_is_and_leaves_nothing(hub):
    """The facts of one life are in the log, in order, and no process is left."""
    told = hub.launch("ann", offer="Works: machine")
    assert told["env"]["JUPYTERHUB_USER"] == "ann"
    hub.stop_server("ann")
    hub.wait("release", hub.nothing_is_held)
    assert [topic for _, topic in hub.facts()] == [
        "configuration.loaded",
        "session.requested",
        "session.placed",
        "resource.requested",
        "deployment.planned",
        "deployment.spawner_starting",
        "deployment.spawner_state_changed",
        "resource.created",
        "resource.provisioned",
        "deployment.spawner_started",
        "session.started",
        "session.stop_requested",
        "deployment.spawner_stopping",
        "deployment.spawner_stopped",
        "deployment.withdrawn",
        "session.ended",
        "resource.release_requested",
        "resource.released",
    ]
    assert stand_ins(hub) == []


def test_two_people_and_a_named_server_run_at_once(hub):
    """Each has a process, an address and a resource of its own; stopping one leaves the others."""
    servers = [("bea", ""), ("bea", "second"), ("bob", "")]
    with ThreadPoolExecutor(3) as at_once:
        told = list(at_once.map(lambda server: hub.launch(*server, offer="Works: machine"), servers))
    told_of_themselves = [(t["env"]["JUPYTERHUB_USER"], t["env"]["JUPYTERHUB_SERVER_NAME"]) for t in told]
    assert told_of_themselves == servers
    assert len({t["env"]["MULTIPLESPAWNER_RESOURCE"] for t in told}) == 3
    hub.stop_server("bea")
    assert hub.told("bea", "second")["pid"] == told[1]["pid"]
    assert hub.told("bob")["pid"] == told[2]["pid"]
    hub.stop_server("bea", "second")
    hub.stop_server("bob")
    hub.wait("release", hub.nothing_is_held)


def test_a_server_that_dies_is_noticed(hub):
    """The hub lets go of it, and the log has its exit status."""
    hub.launch("cat", offer="Works: machine")
    with pytest.raises(requests.RequestException):
        requests.get(f"{hub.url}/user/cat/end/3", timeout=20).raise_for_status()
    hub.wait("notice", lambda: hub.api("GET", "users/cat").json()["servers"] == {})
    assert hub.fact("deployment.spawner_exited")["status"] == 3
    ended = hub.fact("session.ended")
    assert (ended["reason"], ended["status"]) == ("exited", 3)
    hub.wait("release", hub.nothing_is_held)


def test_a_start_that_fails_tells_the_words_meant_for_the_user(hub):
    """The inner spawner's own words reach whoever asked and the log, and the next start is possible."""
    hub.api("POST", "users/dan")
    answer = hub.api("POST", "users/dan/server", json={"offer": "Fails: machine"})
    assert answer.status_code == 500
    words = "The coffee machine is empty."
    assert words in answer.json()["message"]
    assert words in hub.api("GET", "users/dan/server/progress").text
    failed = hub.fact("session.failed")
    assert (failed["code"], failed["message"]) == ("inner_refused", words)
    hub.wait("release", hub.nothing_is_held)
    hub.launch("dan", offer="Works: machine")
    hub.stop_server("dan")


def test_a_deleted_user_leaves_nothing(hub):
    """A user who is deleted while a server runs holds nothing afterwards."""
    hub.launch("eve", offer="Works: machine")
    assert hub.api("DELETE", "users/eve").status_code == 204
    hub.wait("release", hub.nothing_is_held)
    assert stand_ins(hub) == []


def test_a_user_is_renamed_while_a_server_runs(hub):
    """The server goes on, and is stopped under the new name."""
    told = hub.launch("fay", offer="Works: machine")
    assert hub.api("PATCH", "users/fay", json={"name": "gil"}).status_code == 200
    assert hub.told("fay")["pid"] == told["pid"]
    assert hub.ready("gil")
    hub.stop_server("gil")
    hub.wait("release", hub.nothing_is_held)
    assert stand_ins(hub) == []


def stand_ins(hub):
    """Notebooks that run."""
    return [process for process in hub.processes() if "stand_in" in str(process.cmdline())]
