"""Given where the event log is said to lie, then what belongs to it is looked for where it really lies."""

from pathlib import Path

from multiplespawner.bootstrap import Settings, build
from multiplespawner.testing.fakes.scripted_inner_spawners import FakeInnerSpawners


async def test_a_log_reached_by_a_link_has_one_file_of_claims(tmp_path: Path) -> None:
    """Two hubs, one of which goes by a link, never drive the same resource."""
    real, other = tmp_path / "real", tmp_path / "other"
    other.mkdir()
    (other / "events.sqlite").symlink_to(real / "events.sqlite")
    houses = [build(Settings(directory=each), FakeInnerSpawners()) for each in (real, other)]
    assert await houses[0].ports.claims.take("r")
    assert not await houses[1].ports.claims.take("r")
    for house in houses:
        await house.close()
    assert Settings(directory=other).log_file == real / "events.sqlite"


def test_a_link_that_leads_to_itself_is_a_file_that_is_not_there(tmp_path: Path) -> None:
    """Opening it says what is wrong."""
    link = tmp_path / "events.sqlite"
    link.symlink_to(link)
    assert Settings(directory=tmp_path).log_file == link


def test_a_database_is_no_file(tmp_path: Path) -> None:
    """It has an address."""
    assert Settings(directory=tmp_path, event_log="postgresql://localhost/x").log_file is None
