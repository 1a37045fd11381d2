"""What the house does with the configuration beyond loading it."""

import json
from pathlib import Path

import pytest

from multiplespawner.bootstrap import Settings, load_configuration

LOCAL = {"class": "jupyterhub.spawner.SimpleLocalProcessSpawner"}


def write(folder: Path, **template: object) -> Settings:
    """Write both files, with a template that says this too."""
    said = {"name": "T", "resource_type": "bare_metal", "providers": ["local"], "spawner": LOCAL, **template}
    (folder / "spawner_templates.json").write_text(json.dumps([said], indent=1))
    (folder / "spawner_deployment.json").write_text(json.dumps({"bare_metal": [{"name": "machine"}]}))
    return Settings(directory=folder)


@pytest.mark.parametrize("part", ["configurer", "authenticator"])
def test_what_is_not_installed_is_not_offered(tmp_path: Path, part: str) -> None:
    """A warning stands for the offer, with what to do."""
    loaded = load_configuration(write(tmp_path, **{part: {"class": "somebodys.Class"}}), {})
    assert loaded.offers == ()
    assert [(problem.severity, problem.path) for problem in loaded.problems] == [
        ("warning", f"$[0].{part}.class")
    ]
    assert "not installed" in loaded.problems[0].suggestion
