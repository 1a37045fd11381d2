"""A hub has one name on its hosts."""

from concurrent.futures import ThreadPoolExecutor

from multiplespawner.adapters.outbound.configurers.hub_name import hub_name


def test_it_stays(tmp_path):
    """And is different from that of another directory."""
    name = hub_name(tmp_path / "one")
    assert len(name) == 16
    assert hub_name(tmp_path / "one") == name
    assert hub_name(tmp_path / "two") != name


def test_many_at_once_get_the_same(tmp_path):
    """The first one counts, and nothing unfinished is left."""
    with ThreadPoolExecutor(8) as threads:
        names = set(threads.map(lambda _: hub_name(tmp_path), range(40)))
    assert len(names) == 1
    assert len(list(tmp_path.iterdir())) == 1
