"""A hub has one name on its hosts."""

import errno
import os
from concurrent.futures import ThreadPoolExecutor

import pytest

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


def test_a_full_disk_leaves_nothing(tmp_path, monkeypatch):
    """The next attempt is a first one; a name that there is was written through to the disk."""
    synced = []

    def full(descriptor):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        hub_name(tmp_path)
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setattr(os, "fsync", synced.append)
    assert len(hub_name(tmp_path)) == 16
    assert len(synced) == 1
