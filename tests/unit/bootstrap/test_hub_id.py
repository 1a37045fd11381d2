"""A hub's name in the event log is made once, whoever makes it at the same time."""

from pathlib import Path

import pytest

from multiplespawner.bootstrap.hub_id import HubIdUnusable, hub_id, kept_hub_id


def test_it_is_made_once(tmp_path: Path) -> None:
    """The first name stays, and nothing else is left in the directory."""
    assert kept_hub_id(tmp_path) is None
    assert hub_id(tmp_path, lambda: "first") == "first"
    assert hub_id(tmp_path, lambda: "second") == "first"
    assert [file.name for file in tmp_path.iterdir()] == ["hub_id"]


def test_of_two_that_make_one_at_once_one_wins(tmp_path: Path) -> None:
    """Whoever comes second takes the other's name, also when it had looked before."""

    def overtaken() -> str:
        assert hub_id(tmp_path, lambda: "other") == "other"
        return "mine"

    assert hub_id(tmp_path, overtaken) == "other"
    assert [file.name for file in tmp_path.iterdir()] == ["hub_id"]


@pytest.mark.parametrize("content", ["", " \n"])
def test_an_empty_name_is_refused(tmp_path: Path, content: str) -> None:
    """A name that went missing is not made up anew: the hub's sessions are under the old one."""
    (tmp_path / "hub_id").write_text(content)
    with pytest.raises(HubIdUnusable) as error:
        hub_id(tmp_path, lambda: "new")
    assert str(tmp_path) in str(error.value)
