"""Given the documentation, when its example is followed, then it is as written."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from multiplespawner.adapters.inbound.cli.app import app
from multiplespawner.adapters.outbound.config.schema import ENTRY, TEMPLATE, TERMS

DOCUMENT = (Path(__file__).parents[5] / "docs" / "configuration.md").read_text()


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


@pytest.mark.parametrize("key", sorted({*TEMPLATE["properties"], *ENTRY["properties"], *TERMS}))
def test_every_key_is_documented(key: str) -> None:
    """A key that nobody can read of is none."""
    assert f"`{key}`" in DOCUMENT
