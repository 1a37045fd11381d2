"""Given files, when an administrator checks them, then people read the answer and programs the status."""

import json
import os
import subprocess
import sys
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from multiplespawner.adapters.inbound.cli.app import app
from multiplespawner.bootstrap import Settings, load_configuration

EXAMPLES = Path(__file__).parent / "examples"
LOCAL = [
    {
        "name": "Process",
        "resource_type": "bare_metal",
        "providers": ["local"],
        "class": "jupyterhub.spawner.SimpleLocalProcessSpawner",
        "lifetime": {"default": 60, "maximum": 480},
        "hardware": {"cpu": {"minimum": 1, "maximum": 4}},
    }
]
HERE = {"bare_metal": [{"name": "here", "port": "8888", "allowed_groups": ["staff"]}]}
BAD = """[
  {
    "name": "Process",
    "resource_type": "bare_metall",
    "providers": ["local"],
    "class": "jupyterhub.spawner.SimpleLocalProcessSpawner"
  },
  {
    "name": "Other",
    "resource_type": "bare_metal",
    "providers": ["local", "oci"],
    "spawner": {
      "class": "jupyterhub.spawner.LocalProcessSpawner",
      "kwargs": {
        "notebok_dir": "~/work",
        "port": "many",
        "environment": {"API_TOKEN": "canary"}
      }
    }
  }
]
"""
TOLD = """\
Read DIR/spawner_templates.json
Read DIR/spawner_deployment.json
Digest DIGEST

error  DIR/spawner_templates.json:4  $[0].resource_type
  found    "bare_metall"
  expected one of virtual_machine, container, bare_metal
  do       Did you mean bare_metal?

warning  DIR/spawner_templates.json:11  $[1].providers[1]
  found    provider oci
  expected a provider that can be used here
  do       ADVICE

error  DIR/spawner_templates.json:15  $[1].spawner.kwargs.notebok_dir
  found    the key "notebok_dir", which nothing takes
  expected a setting of spawner LocalProcessSpawner
  do       Did you mean notebook_dir?

error  DIR/spawner_templates.json:16  $[1].spawner.kwargs.port
  found    text
  expected an int, which LocalProcessSpawner.port takes

warning  DIR/spawner_templates.json:17  $[1].spawner.kwargs.environment.API_TOKEN
  found    a secret in plain text
  expected a reference such as {"secret": "env:NAME"} or {"secret": "file:/…"}
  do       Move it to a file that only the hub's user may read.

3 errors, 2 warnings, 0 offers
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the two files, and an environment that says nothing else."""
    for name in ("MULTIPLE_SPAWNER_TEMPLATE_FILE", "MULTIPLE_SPAWNER_DEPLOYMENT_FILE", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    write(tmp_path, LOCAL, HERE)
    return tmp_path


def write(folder: Path, templates: Any, deployments: Any) -> None:
    """Write both files, each as JSON or as it is."""
    for name, said in (("spawner_templates.json", templates), ("spawner_deployment.json", deployments)):
        content = said if isinstance(said, bytes) else json.dumps(said, indent=1).encode()
        (folder / name).write_bytes(content)
        (folder / name).chmod(0o600)


def check(folder: Path, *options: str) -> Result:
    """Run `check` on a folder."""
    return CliRunner().invoke(app, ["check", "--directory", str(folder), *options])


def test_good_files_are_0_and_show_what_they_offer(folder: Path) -> None:
    """Each offer by its id, with what can be chosen and by whom."""
    result = check(folder, "--strict")
    assert result.exit_code == 0
    for said in ("local/Process/here", "cpu 1 to 4", "60 minutes, at most 480", "groups staff"):
        assert said in result.output
    assert result.output.endswith("0 errors, 0 warnings, 1 offer\n")


def test_the_printed_answer_to_a_bad_file(folder: Path) -> None:
    """Word for word, but for the advice of the plug-in look-up: what people read is part of the product."""
    write(folder, BAD.encode(), HERE)
    result = check(folder)
    digest = load_configuration(Settings(directory=folder)).digest
    output = result.output.replace(str(folder), "DIR").replace(digest, "DIGEST")
    lines = output.splitlines(keepends=True)
    told = [f"{line[:11]}ADVICE\n" if "multiplespawner.providers" in line else line for line in lines]
    assert "".join(told) == TOLD
    assert result.exit_code == 1


def test_warnings_are_0_and_1_when_strict(folder: Path) -> None:
    """CI can insist on files without any doubt."""
    write(folder, LOCAL, {**HERE, "container": [{"name": "a"}]})
    assert (check(folder).exit_code, check(folder, "--strict").exit_code) == (0, 1)


def test_given_files_override_the_environment_and_that_the_folder(
    folder: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Options count over variables, variables over the folder."""
    other = tmp_path_factory.mktemp("other")
    write(other, [], HERE)
    monkeypatch.setenv("MULTIPLE_SPAWNER_TEMPLATE_FILE", str(other / "spawner_templates.json"))
    assert check(folder).exit_code == 1
    assert check(folder, "--templates", str(folder / "spawner_templates.json")).exit_code == 0
    assert check(folder, "--deployments", str(other / "none")).exit_code == 1


def test_a_missing_folder_is_an_error_with_both_files(tmp_path: Path) -> None:
    """Nothing is created by looking."""
    result = check(tmp_path / "none")
    assert result.exit_code == 1
    assert result.output.count("no such file") == 2
    assert not (tmp_path / "none").exists()


def test_a_file_that_cannot_be_opened_is_an_error(folder: Path) -> None:
    """It says why; a link to itself can't be opened even by root."""
    (folder / "spawner_templates.json").unlink()
    (folder / "spawner_templates.json").symlink_to(folder / "spawner_templates.json")
    result = check(folder)
    assert result.exit_code == 1
    assert "can't be read" in result.output


def test_a_file_with_secrets_that_everyone_can_read_is_a_warning(folder: Path) -> None:
    """And what to do is said."""
    write(folder, LOCAL, {"bare_metal": [{"name": "a", "environment": {"TOKEN": "canary"}}]})
    (folder / "spawner_deployment.json").chmod(0o644)
    result = check(folder)
    assert "chmod 600" in result.output
    assert "canary" not in result.output


def test_what_a_file_says_does_not_move_the_terminals_cursor(folder: Path) -> None:
    """Escape sequences and markup are shown as text."""
    write(folder, [{**LOCAL[0], "\x1b[2J[red]x": 1, "display_name": "\x1b]0;title\x07"}], HERE)
    result = check(folder)
    assert "\x1b" not in result.output
    assert "[red]x" in result.output


def test_the_hub_is_not_imported_where_no_class_needs_it(folder: Path) -> None:
    """Files can be checked on a machine where that would take long."""
    write(folder, [{**LOCAL[0], "class": "absent.Spawner"}], HERE)
    code = f"""if True:
        import sys
        from typer.testing import CliRunner
        from multiplespawner.adapters.inbound.cli.app import app
        result = CliRunner().invoke(app, ["check", "--directory", {str(folder)!r}])
        assert result.exit_code == 0, result.output
        assert "jupyterhub" not in sys.modules
    """
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert ran.returncode == 0, ran.stderr


def test_a_terminal_without_unicode_is_no_reason_to_fail(folder: Path) -> None:
    """What it can't write is escaped."""
    write(folder, [{**LOCAL[0], "display_name": "Größe 漢字"}], HERE)
    code = "from multiplespawner.adapters.inbound.cli import main; main()"
    ran = subprocess.run(
        [sys.executable, "-c", code, "check", "--directory", str(folder)],
        env={**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ran.returncode == 0, ran.stderr
    assert "Gr\\xf6\\xdfe" in ran.stdout


def test_version_is_that_of_the_package() -> None:
    """One line for a bug report."""
    result = CliRunner().invoke(app, ["version"])
    assert result.exit_code == 0
    assert result.output.strip().count(".") >= 1


ANY_TEXT = st.text(st.characters(), max_size=5)  # halves of surrogate pairs too
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY_TEXT, inner, max_size=3),
    max_leaves=8,
)


def places(value: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a value but its top."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place for step, each in inner for place in ((*here, step), *places(each, (*here, step)))]


@st.composite
def mutated(draw: st.DrawFn, good: Any) -> Any:
    """A good file with up to three things replaced, removed or added."""
    value = deepcopy(good)
    for _ in range(draw(st.integers(0, 3))):
        known = places(value)
        if not known:
            break
        *before, last = draw(st.sampled_from(known))
        inner = value
        for step in before:
            inner = inner[step]
        what = draw(st.sampled_from(["replace", "remove", "add"]))
        if what == "replace":
            inner[last] = deepcopy(draw(JSON | st.sampled_from(ODD)))
        elif what == "remove":
            del inner[last]
        elif isinstance(inner, dict):
            inner[draw(ANY_TEXT | st.sampled_from(KEYS))] = draw(JSON)
    return value


ODD = ["{endpoint}", "{option.x}", "{{x}}", "a" * 5000, {"secret": "file:/\ud800"}, {"secret": "env:\0"}]
KEYS = [
    "hardware",
    "flavors",
    "options",
    "lifetime",
    "allowed_users",
    "spawner",
    "kwargs",
    "secret",
    "password",
]
GOOD = [
    json.loads((EXAMPLES / name).read_text())
    for name in ("spawner_templates.json", "older_templates.json", "spawner_deployment.json")
]
CONTENT = (
    st.binary(max_size=60)
    | JSON
    | mutated(GOOD[0])
    | mutated(GOOD[1])
    | mutated(GOOD[2])
    | mutated(LOCAL)
    | mutated(HERE)
)


@settings(deadline=None)
@given(templates=CONTENT | mutated(LOCAL), deployments=CONTENT | mutated(HERE))
def test_no_file_brings_a_traceback(
    tmp_path_factory: pytest.TempPathFactory, templates: Any, deployments: Any
) -> None:
    """Bytes, JSON of any shape and spoiled examples: 0 or 1, and every error is in the sum."""
    folder = tmp_path_factory.getbasetemp()
    write(folder, templates, deployments)
    result = check(folder)
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert result.exit_code in (0, 1)
    assert (result.exit_code == 0) == ("\n0 errors, " in result.output)


@pytest.mark.parametrize("content", [b"[" * 100_000, b" " * 10_000_000 + b"[]"], ids=["deep", "huge"])
def test_what_is_made_to_hurt_is_1(folder: Path, content: bytes) -> None:
    """Depth and size are errors like others."""
    write(folder, content, content)
    assert check(folder).exit_code == 1


@pytest.mark.parametrize("templates", ["spawner_templates.json", "older_templates.json"])
def test_the_examples_load_without_error(templates: str) -> None:
    """The formats are fixed: what they show must always load."""
    files = (
        "--templates",
        str(EXAMPLES / templates),
        "--deployments",
        str(EXAMPLES / "spawner_deployment.json"),
    )
    result = CliRunner().invoke(app, ["check", *files])
    assert result.exit_code == 0
    assert ("local/Local Process Spawner/local_machine" in result.output) == templates.startswith("older")
    # what its SSHSpawner does not use any more is told, and does no harm
    told = "$[1].spawner.kwargs.hub_api_url" in result.output.replace("\n", "")
    assert told == templates.startswith("older")
