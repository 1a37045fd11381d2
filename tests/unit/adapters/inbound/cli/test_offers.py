"""Given files, when somebody asks what is offered, then people get a table and programs JSON."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

from multiplespawner.adapters.inbound.cli.app import app

TEMPLATE = {
    "name": "Process",
    "resource_type": "bare_metal",
    "providers": ["local"],
    "class": "jupyterhub.spawner.SimpleLocalProcessSpawner",
    "lifetime": {"default": 60, "maximum": 480},
}
SMALL = {"name": "small", "hardware": {"cpu": {"minimum": 1, "maximum": 4}}}
LARGE = {"name": "large", "allowed_groups": ["staff"], "flavors": [{"name": "roomy", "cpu": 8}]}
STRANGE = ["<b>[red]x[/red]</b>", "\"'&", "\u202e\u05de\u05d9\u05d3\u05e2", "👩\u200d🔬 №5", "\x1b[2J"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two offers, one of them for a group, and an environment that says nothing else."""
    for name in ("MULTIPLE_SPAWNER_TEMPLATE_FILE", "MULTIPLE_SPAWNER_DEPLOYMENT_FILE", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    write(tmp_path / "spawner_templates.json", [TEMPLATE])
    write(tmp_path / "spawner_deployment.json", {"bare_metal": [SMALL, LARGE]})
    return tmp_path


def write(file: Path, said: Any) -> Path:
    """Write a file as JSON."""
    file.write_text(json.dumps(said))
    file.chmod(0o600)
    return file


def offers(folder: Path, *options: str) -> Result:
    """Run `offers` on a folder."""
    return CliRunner().invoke(app, ["offers", "--directory", str(folder), *options])


def said(folder: Path, *options: str) -> Any:
    """Run `offers` for a program."""
    result = offers(folder, "--json", *options)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_people_get_a_table(folder: Path) -> None:
    """One row an offer, with what check says of it."""
    result = offers(folder)
    assert result.exit_code == 0
    header, small, large = result.stdout.splitlines()
    assert header.split() == ["id", "name", "type", "provider", "hardware", "lasts", "for"]
    for cell in ("local/Process/small", "cpu 1 to 4", "60 minutes, at most 480", "everyone"):
        assert cell in small
    for cell in ("local/Process/large", "one of roomy", "groups staff"):
        assert cell in large


@pytest.mark.parametrize(
    ("options", "ids"),
    [
        ([], ["small", "large"]),
        (["--user", "ada"], ["small"]),
        (["--user", "ada", "--group", "x", "--group", "staff"], ["small", "large"]),
    ],
)
def test_a_user_sees_what_they_may_choose(folder: Path, options: list[str], ids: list[str]) -> None:
    """As on the hub."""
    lines = offers(folder, *options).stdout.splitlines()[1:]
    assert [line.split()[0].rpartition("/")[2] for line in lines] == ids


def test_programs_get_all_offers(folder: Path) -> None:
    """With the schema of each."""
    small, large = said(folder)
    assert (small["id"], small["groups"], large["groups"]) == ("local/Process/small", None, ["staff"])
    assert Draft202012Validator(small["schema"]).is_valid({"offer": small["id"], "hardware": {"cpu": 4}})
    assert not Draft202012Validator(small["schema"]).is_valid({"offer": small["id"], "hardware": {"cpu": 5}})


def test_programs_get_the_schema_of_what_a_user_may_send(folder: Path) -> None:
    """Nothing at all means the only offer, where there is only one."""
    one, two = (
        Draft202012Validator(said(folder, "--user", "ada", *groups)) for groups in ([], ["--group", "staff"])
    )
    bodies: list[Any] = [None, {}, {"lifetime": 9}, {"offer": "small"}, {"offer": "large"}, {"offer": "x"}]
    assert [one.is_valid(body) for body in bodies] == [True, True, True, True, False, False]
    assert [two.is_valid(body) for body in bodies] == [False, False, False, True, True, False]


def test_who_may_choose_nothing_is_told(folder: Path) -> None:
    """And a program gets a schema that takes nothing."""
    write(folder / "spawner_deployment.json", {"bare_metal": [LARGE]})
    assert offers(folder, "--user", "ada").stdout == "Nothing is offered.\n"
    assert not Draft202012Validator(said(folder, "--user", "ada")).is_valid({})


def test_an_edit_is_told_before_it_is_made(folder: Path) -> None:
    """What appears, vanishes and changes, and for whom."""
    edited = {
        "bare_metal": [{**SMALL, "allowed_groups": ["staff"], "lifetime": {"default": 5}}, {"name": "new"}]
    }
    new = str(write(folder / "new.json", edited))
    result = offers(folder, "--diff", new)
    assert result.exit_code == 0
    assert result.stdout == (
        "~ local/Process/small  Process: small\n"
        "  loses          everyone but groups staff\n"
        "  audience       everyone → groups staff\n"
        "  lifetime       60 minutes, at most 480 → 5 minutes\n"
        "\n"
        "+ local/Process/new  Process: new\n"
        "  gains          everyone\n"
        "\n"
        "- local/Process/large  Process: large\n"
        "  loses          groups staff\n"
        "\n"
        "1 new, 1 gone, 1 changed\n"
    )
    small, appears, vanishes = said(folder, "--diff", new)["differences"]
    assert small["loses"] == {"everyone": True, "groups": [], "users": []}
    assert [change["what"] for change in small["changes"]] == ["audience", "lifetime"]
    assert [each["change"] for each in (small, appears, vanishes)] == ["changes", "appears", "vanishes"]
    assert vanishes["loses"]["groups"] == ["staff"]


def test_an_edit_is_told_for_one_user(folder: Path) -> None:
    """What was never theirs is none of their business."""
    new = str(write(folder / "new.json", {"bare_metal": [{**SMALL, "allowed_groups": ["staff"]}]}))
    (small,) = said(folder, "--diff", new, "--user", "ada")["differences"]
    assert (small["offer"], small["change"]) == ("local/Process/small", "vanishes")
    (large,) = said(folder, "--diff", new, "--user", "eve", "--group", "staff")["differences"][1:]
    assert (large["offer"], large["change"]) == ("local/Process/large", "vanishes")


def test_other_templates_can_be_compared_too(folder: Path) -> None:
    """With the entries as they are, or with new ones."""
    new = str(write(folder / "new.json", [{**TEMPLATE, "name": "Other"}]))
    found = said(folder, "--diff-templates", new)["differences"]
    assert [each["change"] for each in found] == ["appears", "appears", "vanishes", "vanishes"]
    assert said(folder, "--diff", str(folder / "spawner_deployment.json")) == {"differences": []}
    assert (
        offers(folder, "--diff", str(folder / "spawner_deployment.json")).stdout
        == "No differences that users notice.\n"
    )


@pytest.mark.parametrize("content", [None, "[", "{}}", '{"bare_metal": 1}', "\udcff", "[" * 100_000])
@pytest.mark.parametrize("option", ["--deployments", "--diff", "--templates", "--diff-templates"])
def test_a_wrong_file_is_told_as_check_does(folder: Path, content: str | None, option: str) -> None:
    """Its errors on the standard error, status 1, and nothing for the program."""
    new = folder / "new.json"
    if content is not None:
        new.write_bytes(content.encode("utf-8", "surrogateescape"))
    result = offers(folder, "--json", option, str(new))
    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit)
    assert result.stdout == ""
    assert "new.json" in result.stderr
    assert "expected" in result.stderr


def test_groups_are_somebodys(folder: Path) -> None:
    """An option that would be ignored is a mistake."""
    assert offers(folder, "--group", "staff").exit_code == 2


@pytest.mark.parametrize("name", STRANGE)
def test_strange_names_are_shown_as_text(folder: Path, name: str) -> None:
    """Neither markup nor escapes do anything, and JSON has them as they are."""
    entry = {"name": "x", "display_name": name, "allowed_groups": [name]}
    write(folder / "spawner_deployment.json", {"bare_metal": [entry]})
    new = str(write(folder / "new.json", {"bare_metal": [{**entry, "allowed_groups": ["other"]}]}))
    for output in (offers(folder).stdout, offers(folder, "--diff", new).stdout):
        assert "\x1b" not in output
        assert "\u202e" not in output
        if name.isprintable():
            assert name in output
    assert said(folder)[0]["name"] == name


def test_500_offers_are_listed_and_compared(folder: Path) -> None:
    """Each in a row of its own, whole."""
    many = {"bare_metal": [{"name": f"entry-{n}", "display_name": "x" * 200} for n in range(500)]}
    new = str(write(folder / "new.json", many))
    lines = offers(folder, "--deployments", new).stdout.splitlines()
    assert [line.split()[0] for line in lines[1:]] == [f"local/Process/entry-{n}" for n in range(500)]
    assert len(said(folder, "--diff", new)["differences"]) == 502
