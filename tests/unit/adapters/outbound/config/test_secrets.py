"""Given secrets that lie elsewhere, when something starts, then they are there, and nowhere before."""

import os
from pathlib import Path
from typing import Any

import pytest

from multiplespawner.adapters.outbound.config.secret_values import SecretUnavailable, resolve_secrets

ENTRIES = {"virtual_machine": [{"name": "a"}]}


def templates(**kwargs: Any) -> list[dict[str, Any]]:
    spawner = {"class": "plain.PlainSpawner", "kwargs": kwargs}
    return [
        {"name": "A", "resource_type": "virtual_machine", "providers": ["cloud"], "spawner": spawner},
    ]


def test_references_are_resolved_at_any_depth(tmp_path: Path) -> None:
    """From the environment and from a file, without its last line end; all else stays."""
    (tmp_path / "key").write_text("canary\nline\n")
    value = {
        "a": [{"secret": "env:NAME"}, 1],
        "b": {"secret": f"file:{tmp_path}/key"},
        "secret": "x",
        "c": None,
    }
    assert resolve_secrets(value, {"NAME": "value"}) == {
        "a": ["value", 1],
        "b": "canary\nline",
        "secret": "x",
        "c": None,
    }


@pytest.mark.parametrize(
    "reference", ["env:MISSING", "file:/none", "file:relative", "canary", 7, None, "env:A B"]
)
def test_what_cannot_be_had_says_so(reference: Any) -> None:
    """Without the environment, and without what may be the secret itself."""
    with pytest.raises(SecretUnavailable) as refusal:
        resolve_secrets([{"secret": reference}], {"OTHER": "canary"})
    assert "canary" not in str(refusal.value)


@pytest.mark.parametrize("content", [b"\xff", b"x" * 100_000])
def test_a_file_that_is_no_secret_is_not_read(tmp_path: Path, content: bytes) -> None:
    """Binary or huge."""
    (tmp_path / "key").write_bytes(content)
    with pytest.raises(SecretUnavailable):
        resolve_secrets({"secret": f"file:{tmp_path}/key"})


def test_loading_resolves_nothing(load_files: Any) -> None:
    """A recipe has the reference, and a provider's settings too."""
    said = templates(notebook_dir={"secret": "env:A"})
    said[0]["provider_settings"] = {"api_token": {"secret": "env:A"}}
    loaded = load_files(said, ENTRIES, {"A": "canary"})
    assert loaded.problems == ()
    assert loaded.recipes[0].spawner_kwargs == {"notebook_dir": {"secret": "env:A"}}
    assert loaded.recipes[0].provider_settings == {"api_token": {"secret": "env:A"}}


@pytest.mark.parametrize("reference", ["env:MISSING", "file:/none"])
def test_what_is_not_there_yet_is_a_warning(load_files: Any, reference: str) -> None:
    """The hub may have it though this terminal hasn't."""
    loaded = load_files(templates(notebook_dir={"secret": reference}), ENTRIES)
    assert [(p.severity, p.path) for p in loaded.problems] == [
        ("warning", "$[0].spawner.kwargs.notebook_dir")
    ]
    assert len(loaded.offers) == 1


@pytest.mark.parametrize("name", ["option.key", "JUPYTERHUB_USER", "endpoint"])
@pytest.mark.parametrize("part", ["spawner", "authenticator", "configurer"])
def test_no_user_chooses_the_place_of_a_secret(load_files: Any, name: str, part: str) -> None:
    """What is filled into a reference would lead to another file: an error, and nothing is offered of it."""
    said = templates()
    said[0]["options"] = [{"name": "key", "type": "text", "default": "a"}]
    said[0].setdefault(part, {"class": "any.Class"})["kwargs"] = {"x": {"secret": f"file:/keys/{{{name}}}"}}
    loaded = load_files(said, ENTRIES)
    assert ("error", f"$[0].{part}.kwargs.x") in [(p.severity, p.path) for p in loaded.problems]
    assert loaded.offers == ()


def test_a_secret_file_that_everyone_can_read_is_a_warning(load_files: Any, tmp_path: Path) -> None:
    """And how to close it is said."""
    key = tmp_path / "key"
    key.touch(0o644)
    loaded = load_files(templates(notebook_dir={"secret": f"file:{key}"}), ENTRIES)
    assert [(p.severity, "chmod 600" in p.suggestion) for p in loaded.problems] == [("warning", True)]
    key.chmod(0o600)
    assert load_files(templates(notebook_dir={"secret": f"file:{key}"}), ENTRIES).problems == ()


@pytest.mark.parametrize(
    "key", ["token", "API_TOKEN", "password", "ssh_private_key", "secret", "client_secret"]
)
def test_a_plain_secret_is_a_warning(load_files: Any, key: str) -> None:
    """Wherever it stands; a reference, a path or a name of a key is none."""
    said = templates()
    said[0]["authenticator"] = {"class": "known.Authenticator", "kwargs": {"deep": [{key: "canary", "x": 1}]}}
    loaded = load_files(said, ENTRIES)
    assert [(p.severity, p.place[-1]) for p in loaded.problems] == [("warning", key)]
    assert "canary" not in repr(loaded.problems)


@pytest.mark.parametrize(
    "key", ["key_name", "auth_key", "private_key_file", "ssh_keyfile", "token_url", "keys"]
)
def test_what_only_sounds_secret_is_none(load_files: Any, key: str) -> None:
    """Public keys, names and paths."""
    said = templates()
    said[0]["authenticator"] = {"class": "known.Authenticator", "kwargs": {key: "x"}}
    assert load_files(said, ENTRIES).problems == ()


def test_only_regular_files_are_read(tmp_path: Path) -> None:
    """A pipe would keep whoever reads it waiting."""
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", tmp_path, Path("/dev/null")):
        with pytest.raises(SecretUnavailable):
            resolve_secrets({"secret": f"file:{path}"})
