"""Given traits, environment and a folder, when the files are looked for, then the nearest word counts."""

from pathlib import Path

from multiplespawner.adapters.outbound.config.locating import locate

VARIABLES = {
    "MULTIPLE_SPAWNER_TEMPLATE_FILE": "/env/t.json",
    "MULTIPLE_SPAWNER_DEPLOYMENT_FILE": "/env/d.json",
}


def test_the_folder_holds_both_by_their_usual_names(tmp_path: Path) -> None:
    """Whether they exist or not; empty words count as none."""
    usual = (tmp_path / "spawner_templates.json", tmp_path / "spawner_deployment.json")
    assert locate(tmp_path, {}) == usual
    assert locate(tmp_path, dict.fromkeys(VARIABLES, ""), "", "") == usual


def test_the_deployment_file_may_have_its_other_name(tmp_path: Path) -> None:
    """Only where the usual one isn't there."""
    (tmp_path / "spawner_deployments.json").touch()
    assert locate(tmp_path, {})[1] == tmp_path / "spawner_deployments.json"
    (tmp_path / "spawner_deployment.json").touch()
    assert locate(tmp_path, {})[1] == tmp_path / "spawner_deployment.json"


def test_the_environment_overrides_the_folder_and_a_trait_both(tmp_path: Path) -> None:
    """Each file by itself."""
    assert locate(tmp_path, VARIABLES) == (Path("/env/t.json"), Path("/env/d.json"))
    assert locate(tmp_path, VARIABLES, "/trait/t.json") == (Path("/trait/t.json"), Path("/env/d.json"))


def test_a_home_is_filled_in_where_there_is_one(tmp_path: Path) -> None:
    """A user who doesn't exist is told of when the file is read."""
    assert locate(tmp_path, {}, "~/t.json")[0] == Path.home() / "t.json"
    assert locate(tmp_path, {}, "~nobody-of-this-name/t.json")[0] == Path("~nobody-of-this-name/t.json")
