"""A real hub that is killed while it sees to notebooks on a host leaves nothing there, and nothing here."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from e2e.killed.killing import FIGURES, Killing, Result
from e2e.killed.places import OnHost
from e2e.killed.stories import STORIES_OVER_SSH
from e2e.over_ssh import ca_of, left_on, prepare
from ssh_hosts import SshHost, ssh_hosts


@pytest.fixture(scope="module")
def hosts(ssh_possible, tmp_path_factory) -> Iterator[list[SshHost]]:
    """One for each story: what Ansible puts aside there says not whose it is."""
    with ssh_hosts(tmp_path_factory.mktemp("hosts"), len(STORIES_OVER_SSH)) as hosts:
        yield hosts


@pytest.fixture(scope="module")
def results(hosts, proxy, tmp_path_factory) -> Iterator[dict[str, Future[Result]]]:
    """All stories at once, each with hubs, a host and an account of its own."""
    folder = tmp_path_factory.mktemp("killed_over_ssh")
    ca, killings = ca_of(folder / "ca"), {}
    for story, host in zip(STORIES_OVER_SSH, hosts, strict=True):
        user = story.name.replace(" ", "-").lower()
        prepare(host, user, ca=ca)
        place = OnHost(host, user, folder / "ca" / "ssh")
        killings[story.name] = Killing(story, folder / user, proxy, place)
    with ThreadPoolExecutor(len(killings)) as threads:
        yield {name: threads.submit(killing) for name, killing in killings.items()}


@pytest.mark.parametrize("story", STORIES_OVER_SSH, ids=lambda story: story.name)
def test_nothing_is_left_on_the_host_wherever_the_hub_is_killed(story, results, request):
    """No process, lease, folder, key or place of the pool is left; what ran is reached anew."""
    result = results[story.name].result()
    request.config.stash.setdefault(FIGURES, []).append(result)
    assert result.problems == []
    assert result.unseen == frozenset()
    assert len(result.died_at) >= story.fewest


def test_the_hosts_are_as_they_were(results, hosts):
    """After all stories nothing of ours is there."""
    for result in results.values():
        result.result()
    assert all(left_on(host).is_nothing for host in hosts)
