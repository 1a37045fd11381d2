"""Two hubs share one pool of hosts: what each host has is given out once, and comes back."""

import contextlib
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from time import monotonic

import psycopg
import pytest
import requests

from e2e.hubs import ADMIN, RealHub, real_hub
from e2e.over_ssh import ca_of, left_on, over_ssh, pool, prepare

SESSIONS = (3, 2, 2)
"""That each host may hold."""
USERS = 50
"""Of each hub."""
ACCOUNT = "shared"

CONFIG = """
c.MultipleSpawner.event_log = {url!r}
# each request is answered when its server is there, or refused
c.JupyterHub.tornado_settings = {{"slow_spawn_timeout": 300}}
"""


@pytest.fixture
def hubs(proxy, tmp_path, ssh_hosts, postgres_url):
    """Two hubs with folders and CAs of their own, hosts that trust both, and one event log."""
    folders = [tmp_path / name for name in ("one", "two")]
    for folder in folders:
        folder.mkdir()
    authorities = [key for folder in folders for key in ca_of(folder / "ms")]
    machines = []
    for host, sessions in zip(ssh_hosts, SESSIONS, strict=True):
        prepare(host, ACCOUNT, ca=authorities)
        machines += pool([host], sessions=sessions)
    template = over_ssh(unix_account={"mode": "fixed", "name": ACCOUNT}, start_timeout=280)
    offers = ([template], {"bare_metal": [{"name": "any", "hosts": machines}]})
    config = CONFIG.format(url=postgres_url)
    with ExitStack() as started:
        yield [started.enter_context(real_hub(f, proxy, offers=offers, config=config)) for f in folders]


@pytest.mark.parametrize("ssh_hosts", [len(SESSIONS)], indirect=True)
def test_a_hundred_want_one_of_seven_places(hubs, ssh_hosts, postgres_url, record_property):
    """Of a hundred requests at once, over both hubs, seven get a server; the others are told why not."""
    people = [(hub, f"user{number:02}") for number in range(USERS) for hub in hubs]
    for hub in hubs:
        hub.api("POST", "users", json={"usernames": [name for at, name in people if at is hub]})
        # any request about a server; neither has still to open its house when the other begins
        hub.api("DELETE", f"users/{people[0][1]}/server")
    hubs[0].wait("both hubs' houses", lambda: _facts(postgres_url)["configuration.loaded"] == len(hubs))
    begun = monotonic()
    with ThreadPoolExecutor(len(people)) as threads:
        answers = list(threads.map(lambda person: _ask(*person), people))
    record_property("seconds_until_all_were_answered", round(monotonic() - begun, 1))
    started = [person for person, answer in zip(people, answers, strict=True) if answer.status_code == 201]
    assert Counter((answer.status_code, answer.reason) for answer in answers) == {
        (201, "Created"): sum(SESSIONS),
        (400, "pool_full"): len(people) - sum(SESSIONS),
    }
    assert _facts(postgres_url)["session.requested"] == sum(SESSIONS)
    assert all(hub.told(name)["env"]["JUPYTERHUB_USER"] == name for hub, name in started)
    assert sorted(len(left_on(host).leases) for host in ssh_hosts) == sorted(SESSIONS)
    for hub, name in started:
        hub.stop_server(name)
    hubs[0].wait("all that is given back", lambda: _all_is_returned(postgres_url))
    record_property("seconds_until_all_was_returned", round(monotonic() - begun, 1))
    assert all(left_on(host).is_nothing for host in ssh_hosts)


def _ask(hub: RealHub, name: str) -> requests.Response:
    headers = {"Authorization": f"token {ADMIN}"}
    return requests.post(f"{hub.url}/hub/api/users/{name}/server", headers=headers, timeout=310)


def _facts(url: str) -> Counter[str]:
    """How many facts of each name the log has."""
    query = "SELECT topic FROM multiplespawner_events"
    # the hubs make the table when they open their houses
    with psycopg.connect(url) as connection, contextlib.suppress(psycopg.errors.UndefinedTable):
        return Counter(topic for (topic,) in connection.execute(query))
    return Counter()


def _all_is_returned(url: str) -> bool:
    facts = _facts(url)
    return facts["resource.requested"] == facts["resource.released"] == facts["allowance.returned"]
