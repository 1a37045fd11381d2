"""What the house does with the configuration beyond loading it."""

import json
import logging
from pathlib import Path

import pytest

from multiplespawner.bootstrap import Settings, load_configuration, tell_problems

LOCAL = {"class": "jupyterhub.spawner.SimpleLocalProcessSpawner"}


def write(folder: Path, **template: object) -> Settings:
    """Write both files, with a template that says this too."""
    said = {"name": "T", "resource_type": "bare_metal", "providers": ["local"], "spawner": LOCAL, **template}
    (folder / "spawner_templates.json").write_text(json.dumps([said], indent=1))
    (folder / "spawner_deployment.json").write_text(json.dumps({"bare_metal": [{"name": "machine"}]}))
    return Settings(directory=folder)


def test_a_broken_configuration_is_loud(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Each error has a line at error level that names the place, and one line sums up."""
    loaded = load_configuration(write(tmp_path, lifetime={"maximum": 0}), {})
    with caplog.at_level(logging.INFO, "multiplespawner.configuration"):
        tell_problems(loaded)
    assert [record.levelname for record in caplog.records] == ["ERROR", "ERROR"]
    told = caplog.records[0].getMessage()
    assert f"{tmp_path}/spawner_templates.json:" in told
    assert "$[0].lifetime.maximum" in told


def test_a_warning_is_a_warning(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """What is offered in spite of it needs no summary."""
    tell_problems(load_configuration(write(tmp_path, providers=["local", "nowhere"]), {}))
    assert [record.levelname for record in caplog.records] == ["WARNING"]


def test_a_sound_configuration_is_quiet(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Nothing is told of what is in order."""
    tell_problems(load_configuration(write(tmp_path), {}))
    assert caplog.records == []


@pytest.mark.parametrize("part", ["configurer", "authenticator"])
def test_what_has_no_steps_yet_is_not_offered(tmp_path: Path, part: str) -> None:
    """Whatever class it names: nothing would be done with it, so that a warning stands for the offer."""
    loaded = load_configuration(write(tmp_path, **{part: {"class": "somebodys.Class"}}), {})
    assert loaded.offers == ()
    assert [(problem.severity, problem.path) for problem in loaded.problems] == [
        ("warning", f"$[0].{part}.class")
    ]
    assert "can't be applied in this version" in loaded.problems[0].suggestion
