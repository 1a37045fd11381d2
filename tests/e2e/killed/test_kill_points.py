"""A real hub that is killed at any call of any port leaves nothing that the next one does not see to."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from e2e.killed.killing import FIGURES, Killing, Result
from e2e.killed.stories import STORIES


@pytest.fixture(scope="module")
def results(proxy, tmp_path_factory) -> Iterator[dict[str, Future[Result]]]:
    """All stories at once, each with hubs of its own: much of the time is waiting."""
    with ThreadPoolExecutor(len(STORIES)) as threads:
        folder = tmp_path_factory.mktemp("killed")
        killings = {s.name: Killing(s, folder / s.name.replace(" ", "_"), proxy) for s in STORIES}
        yield {name: threads.submit(killing) for name, killing in killings.items()}


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_nothing_is_left_wherever_the_hub_is_killed(story, results, request):
    """No process, no secret, no open end is left; what ran goes on; the next start works."""
    result = results[story.name].result()
    request.config.stash.setdefault(FIGURES, []).append(result)
    assert result.problems == []
    assert result.unseen == frozenset()
    assert len(result.died_at) >= story.fewest
