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
def host(ssh_possible, tmp_path_factory) -> Iterator[SshHost]:
    """One for all stories."""
    with ssh_hosts(tmp_path_factory.mktemp("hosts")) as hosts:
        yield hosts[0]


@pytest.fixture(scope="module")
def results(host, proxy, tmp_path_factory) -> Iterator[dict[str, Future[Result]]]:
    """All stories at once, each with hubs and an account of its own."""
    folder = tmp_path_factory.mktemp("killed_over_ssh")
    users = {story.name: story.name.replace(" ", "-").lower() for story in STORIES_OVER_SSH}
    prepare(host, *users.values(), ca=ca_of(folder / "ca"))
    with ThreadPoolExecutor(len(STORIES_OVER_SSH)) as threads:
        killings = {
            story.name: Killing(story, folder / user, proxy, OnHost(host, user, folder / "ca" / "ssh"))
            for story, user in zip(STORIES_OVER_SSH, users.values(), strict=True)
        }
        yield {name: threads.submit(killing) for name, killing in killings.items()}


@pytest.mark.parametrize("story", [story.name for story in STORIES_OVER_SSH])
def test_nothing_is_left_on_the_host_wherever_the_hub_is_killed(story, results, request):
    """No process, lease, folder, key or place of the pool is left; what ran is reached anew."""
    result = results[story].result()
    request.config.stash.setdefault(FIGURES, []).append(result)
    assert result.problems == []
    assert len(result.died_at) >= 6


def test_the_host_is_as_it_was(results, host):
    """After all stories nothing of ours is there."""
    for result in results.values():
        result.result()
    assert left_on(host).is_nothing
