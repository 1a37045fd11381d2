"""Given the documentation, when its example is followed, then it is as written."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from multiplespawner.adapters.inbound.cli.app import app
from multiplespawner.adapters.outbound.config.schema import ENTRY, TEMPLATE, TERMS

DOCS = Path(__file__).parents[5] / "docs"
DOCUMENT = (DOCS / "configuration.md").read_text()
GUIDE = (DOCS / "guides" / "administrators.md").read_text()


def test_the_example_offers_what_the_documentation_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both files without a problem, and the same answer of `check`."""
    for name in ("MULTIPLE_SPAWNER_TEMPLATE_FILE", "MULTIPLE_SPAWNER_DEPLOYMENT_FILE", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    for name, content in re.findall(
        r"^`(\w+\.json)`:\n\n```json\n(.*?)^```", DOCUMENT, re.DOTALL | re.MULTILINE
    ):
        (tmp_path / name).write_text(content)
    answers = re.findall(r"^```text\n(.*?)^```", DOCUMENT, re.DOTALL | re.MULTILINE)
    result = CliRunner().invoke(app, ["check", "--strict", "--directory", str(tmp_path)])
    assert result.exit_code == 0
    assert [result.output.partition("\n\n")[2]] == answers


def test_the_administrators_three_offers_are_those_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Made as their guide says: nothing is wrong, and each user is offered what the guide's tables have."""
    for name in ("MULTIPLE_SPAWNER_TEMPLATE_FILE", "MULTIPLE_SPAWNER_DEPLOYMENT_FILE", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    where = ["--directory", str(tmp_path)]
    assert CliRunner().invoke(app, ["init", "--yes", *where]).exit_code == 0
    templates = tmp_path / "spawner_templates.json"
    templates.write_text(templates.read_text().replace("Notebook on this machine", "Machine"))
    (entries,) = re.findall(r"^`three\.json`:\n\n```json\n(.*?)^```", GUIDE, re.DOTALL | re.MULTILINE)
    (tmp_path / "spawner_deployment.json").write_text(entries)
    assert CliRunner().invoke(app, ["check", "--strict", *where]).exit_code == 0
    shown = re.findall(r"^\$ multiplespawner (offers --user .*)\n((?:[^$`].*\n)+)", GUIDE, re.MULTILINE)
    assert len(shown) == 2
    for command, table in shown:
        told = CliRunner().invoke(app, [*command.split(), *where]).stdout
        assert [line.rstrip() for line in told.splitlines()] == table.splitlines()


@pytest.mark.parametrize("key", sorted({*TEMPLATE["properties"], *ENTRY["properties"], *TERMS}))
def test_every_key_is_documented(key: str) -> None:
    """A key that nobody can read of is none."""
    assert f"`{key}`" in DOCUMENT
