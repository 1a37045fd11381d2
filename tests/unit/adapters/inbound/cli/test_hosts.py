"""Given pools in the configuration, when `hosts` is run, then each machine is told as it is now."""

import json
import socketserver
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from multiplespawner.application.ports.providers import ProviderMissing
from multiplespawner.bootstrap import hosts
from multiplespawner.domain import allowance as a
from multiplespawner.domain.values import Amount
from told_states import State, names

CLOSED = 1
"""A port on which nothing listens."""


class Greets(socketserver.BaseRequestHandler):
    """Speaks as an SSH server, as far as anybody asks here."""

    def handle(self) -> None:
        self.request.sendall(b"SSH-2.0-test\r\n")


@pytest.fixture
def port() -> Iterator[int]:
    """Of a server on this machine."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Greets) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
        yield server.server_address[1]
        server.shutdown()


@pytest.fixture
def offered(state: State, port: int, monkeypatch: pytest.MonkeyPatch) -> State:
    """A log, and a pool of two machines, one of them down."""
    for name in ("MULTIPLE_SPAWNER_TEMPLATE_FILE", "MULTIPLE_SPAWNER_DEPLOYMENT_FILE"):
        monkeypatch.delenv(name, raising=False)
    up = {"name": "gpu1", "address": "127.0.0.1", "port": port, "sessions": 4, "cpu": 16, "gpu": 2}
    up |= {"gpu_kind": "a100", "labels": {"rack": "7"}}
    down = {"name": "gpu2", "address": "127.0.0.1", "port": CLOSED}
    here = {"name": "here", "provider": "local"}
    pool = {"name": "pool", "provider": "hosts", "provider_settings": {"hosts": [up, down]}}
    write(state, ["hosts", "local"], [here, pool])
    return state


def write(state: State, providers: list[str], entries: list[dict[str, Any]]) -> None:
    """Write both files."""
    template = {
        "name": "T",
        "resource_type": "bare_metal",
        "providers": providers,
        "class": "jupyterhub.spawner.SimpleLocalProcessSpawner",
    }
    (state.folder / "spawner_templates.json").write_text(json.dumps([template]))
    (state.folder / "spawner_deployment.json").write_text(json.dumps({"bare_metal": entries}))


def rows(state: State, *options: str) -> list[dict[str, Any]]:
    """What programs get."""
    result = state.run("hosts", "--json", *options)
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_each_machine_is_told(offered: State, port: int) -> None:
    """Whether it answers, what it has, what is known of it; nothing is taken."""
    up, down = rows(offered)
    assert up == {
        "provider": "hosts",
        "name": "gpu1",
        "address": f"127.0.0.1:{port}",
        "in_order": True,
        "trouble": "",
        "capacity": {"sessions": 4, "cpu": 16, "gpu": 2},
        "taken": {},
        "gpu_kind": "a100",
        "labels": {"rack": "7"},
    }
    assert (down["name"], down["in_order"]) == ("gpu2", False)
    assert down["trouble"]


def test_what_the_log_says_is_taken(offered: State) -> None:
    """Until it is returned."""
    since = datetime(2026, 1, 1, tzinfo=UTC)
    for number in (5, 6):
        taken = (Amount("sessions", 1), Amount("cpu", 2))
        offered.tell([("pool:hosts/gpu1", a.AllowanceReserved(names(number)[1], taken, since))])
    assert [row["taken"] for row in rows(offered)] == [{"sessions": 2, "cpu": 4}, {}]
    offered.tell([("pool:hosts/gpu1", a.AllowanceReturned(names(5)[1]))])
    assert rows(offered)[0]["taken"] == {"sessions": 1, "cpu": 2}


def test_people_get_a_table(offered: State, port: int) -> None:
    """A line for each."""
    result = offered.run("hosts")
    header, up, down = result.stdout.splitlines()
    assert header.split() == ["provider", "host", "address", "state", "has", "taken", "labels"]
    for said in ("gpu1", f"127.0.0.1:{port}", "in order", "4 sessions, 16 CPU, 2 GPU a100", "rack=7"):
        assert said in up
    assert "in order" not in down
    assert "refused" in down
    assert result.stderr == ""


def test_without_a_log(offered: State) -> None:
    """What is taken is not known, which is told beside the answer; nothing is made."""
    offered.log.unlink()
    before = sorted(offered.folder.iterdir())
    assert [row["taken"] for row in rows(offered)] == [None, None]
    assert len(offered.run("hosts").stderr.splitlines()) == 1
    assert sorted(offered.folder.iterdir()) == before


def test_without_a_pool(offered: State) -> None:
    """A sentence, or no line."""
    write(offered, ["local"], [{"name": "here"}])
    assert rows(offered) == []
    assert len(offered.run("hosts").stdout.splitlines()) == 1


def test_files_with_errors(offered: State) -> None:
    """They are told as `check` does."""
    (offered.folder / "spawner_templates.json").write_text("{")
    result = offered.run("hosts")
    assert result.exit_code == 1
    assert "spawner_templates.json" in result.stderr


def test_a_provider_that_can_not_be_asked(offered: State, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is told why, and the machines of the others are told all the same."""
    find = hosts.find_provider

    def find_all_but_local(name: str) -> type:
        if name == "local":
            raise ProviderMissing("install what it needs")
        return find(name)

    monkeypatch.setattr(hosts, "find_provider", find_all_but_local)
    result = offered.run("hosts", "--json")
    assert [json.loads(line)["name"] for line in result.stdout.splitlines()] == ["gpu1", "gpu2"]
    assert "install what it needs" in result.stderr
    assert result.exit_code == 1
    write(offered, ["local"], [{"name": "here"}])
    assert offered.run("hosts").stdout == ""
