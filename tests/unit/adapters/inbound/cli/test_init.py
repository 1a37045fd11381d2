"""Given nothing, when `init` is run, then there is a configuration that `check` has nothing against."""

import json
import stat
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from multiplespawner.adapters.inbound.cli.app import app
from multiplespawner.adapters.inbound.cli.beginning import PLACES
from multiplespawner.adapters.inbound.cli.commands.init import Where

TEMPLATES, DEPLOYMENT = "spawner_templates.json", "spawner_deployment.json"


@pytest.fixture(autouse=True)
def _quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MULTIPLE_SPAWNER_TEMPLATE_FILE", "MULTIPLE_SPAWNER_DEPLOYMENT_FILE", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "state"


def init(folder: Path, *options: str, said: str | None = None) -> Result:
    """Run `init`, with lines that are typed."""
    return CliRunner().invoke(app, ["init", "--directory", str(folder), *options], input=said)


def offer(folder: Path) -> dict:
    """The one that is offered."""
    listed = CliRunner().invoke(app, ["offers", "--json", "--directory", str(folder)])
    (found,) = json.loads(listed.stdout)
    return found


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("hours", ["0", "1", "48"])
@pytest.mark.parametrize("groups", [(), ("staff", 'od"d, näme')])
def test_whatever_is_said_check_has_nothing_against_it(
    folder: Path, place: str, hours: str, groups: tuple[str, ...]
) -> None:
    """No error and no warning, and what is offered is what was said."""
    said = [option for group in groups for option in ("--group", group)]
    result = init(folder, "--yes", "--place", place, "--hours", hours, *said)
    assert result.exit_code == 0, result.output
    assert "0 errors, 0 warnings, 1 offer" in result.output
    assert CliRunner().invoke(app, ["check", "--strict", "--directory", str(folder)]).exit_code == 0
    assert offer(folder)["groups"] == (list(groups) or None)


def test_what_is_typed_is_written(folder: Path) -> None:
    """Place, hours, groups; a mistake is asked for again."""
    result = init(folder, said="nowhere\naccounts\n-1\n2\nstaff, students\n")
    assert result.exit_code == 0, result.output
    (template,) = json.loads((folder / TEMPLATES).read_text())
    assert template["spawner"]["class"] == PLACES["accounts"].spawner
    assert template["lifetime"]["maximum"] == 120
    assert offer(folder)["groups"] == ["staff", "students"]


def test_enter_is_enough(folder: Path, tmp_path: Path) -> None:
    """And gives the same as asking nothing."""
    assert init(folder, said="\n\n\n").exit_code == 0
    assert init(tmp_path / "other", "--yes").exit_code == 0
    for name in (TEMPLATES, DEPLOYMENT):
        assert (folder / name).read_text() == (tmp_path / "other" / name).read_text()


def test_both_files_have_comments_and_are_ours_alone(folder: Path) -> None:
    """So that who opens one knows what to do."""
    init(folder, "--yes")
    for name in (TEMPLATES, DEPLOYMENT):
        assert '"//"' in (folder / name).read_text()
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {file.name for file in folder.iterdir()} == {TEMPLATES, DEPLOYMENT}


@pytest.mark.parametrize("name", [TEMPLATES, DEPLOYMENT, "spawner_deployments.json"])
def test_what_is_there_is_not_written_over_without_asking(folder: Path, name: str) -> None:
    """One file is enough; --yes is no answer to that, --force is."""
    folder.mkdir()
    (folder / name).write_text("mine")
    for options, said in ((("--yes",), None), ((), "n\n"), ((), "\n"), ((), "")):
        assert init(folder, *options, said=said).exit_code == 1
        assert [(file.name, file.read_text()) for file in folder.iterdir()] == [(name, "mine")]
    assert init(folder, said="y\n\n\n\n").exit_code == 0
    assert init(folder, "--yes", "--force").exit_code == 0


def test_a_folder_that_cannot_be_made_is_told_in_words(tmp_path: Path) -> None:
    """2, and no traceback."""
    (tmp_path / "file").write_text("")
    result = init(tmp_path / "file" / "state", "--yes")
    assert result.exit_code == 2
    assert "Traceback" not in result.output


def test_a_group_that_is_no_text_is_told_in_words(folder: Path) -> None:
    """2, no traceback, and nothing is half written."""
    result = init(folder, "--yes", "--group", "\udcff")
    assert isinstance(result.exception, SystemExit)
    assert result.exit_code == 2
    assert list(folder.iterdir()) == []


def test_a_link_to_nowhere_is_there_already(folder: Path, tmp_path: Path) -> None:
    """Somebody laid it for a file that is to come."""
    folder.mkdir()
    (folder / TEMPLATES).symlink_to(tmp_path / "none")
    assert init(folder, "--yes").exit_code == 1
    assert (folder / TEMPLATES).is_symlink()


def test_the_places_that_are_asked_for_are_those_there_are() -> None:
    """The command's help knows them before anything is imported."""
    assert list(Where) == list(PLACES)
