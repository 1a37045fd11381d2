"""Given a file of keys taken on trust, then a host has the one that was recorded first."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from multiplespawner.adapters.outbound.providers.hosts.first_use import FirstUse

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJzSYVJ0n2Dv5kRMt4nLKYPhwiNIgk8Y7yeUQ2XZ3wbE"
OTHER = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJU5yhOcI3lhObsZsDfLGm4uAJKe/jzpg4r3vRQSNDpF"


@pytest.fixture
def known(tmp_path: Path) -> FirstUse:
    """Of a hub that knows nobody."""
    return FirstUse(tmp_path / "ssh" / "known_hosts")


def test_nothing_is_known_at_first(known: FirstUse) -> None:
    """And looking makes no file."""
    assert known.keys_of("10.0.0.1", 22) == ()
    assert not known.path.parent.exists()


def test_the_first_key_stays(known: FirstUse) -> None:
    """Whatever it shows later."""
    assert known.record("10.0.0.1", 22, KEY) == (KEY,)
    assert known.record("10.0.0.1", 22, OTHER) == (KEY,)
    assert known.keys_of("10.0.0.1", 22) == (KEY,)
    assert known.path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("address", "port"), [("10.0.0.10", 22), ("10.0.0.1", 2222), ("10.0.0", 22), ("1", 22)]
)
def test_another_host_is_another(known: FirstUse, address: str, port: int) -> None:
    """Also one whose name begins alike, or on another port."""
    known.record("10.0.0.1", 22, KEY)
    assert known.keys_of(address, port) == ()
    known.record(address, port, OTHER)
    assert known.keys_of("10.0.0.1", 22) == (KEY,)
    assert known.keys_of(address, port) == (OTHER,)


def test_of_many_at_once_one_is_first(known: FirstUse) -> None:
    """All are answered with it."""
    with ThreadPoolExecutor(8) as threads:
        answers = set(threads.map(lambda number: known.record("h", 22, (KEY, OTHER)[number % 2]), range(32)))
    assert len(answers) == 1
    assert len(known.path.read_text().splitlines()) == 1
