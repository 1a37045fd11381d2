"""Given a file, when it is read, then each thing has its line or each flaw its place."""

import json
import os
import socket
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multiplespawner.adapters.outbound.config.problems import Path as Place
from multiplespawner.adapters.outbound.config.reading import read
from multiplespawner.adapters.outbound.config.survey import survey

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT,
    lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner),
    max_leaves=30,
)


def places(value: Any, here: Place = ()) -> list[Place]:
    """Every place in a value, in the order of the text."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [here, *(place for step, each in inner for place in places(each, (*here, step)))]


@given(JSON, st.booleans())
def test_everything_has_its_line(value: Any, ascii_only: bool) -> None:
    """Written one thing a line, the lines are those of the places in order."""
    text = json.dumps(value, indent=1, ensure_ascii=ascii_only)
    found = survey(text)
    assert list(found.lines) == places(value)
    rows = text.split("\n")
    for place, line in found.lines.items():
        if place and isinstance(place[-1], str):
            assert rows[line - 1].lstrip().startswith(json.dumps(place[-1], ensure_ascii=ascii_only))


def test_a_key_that_stands_twice_is_noticed(tmp_path: Path) -> None:
    """JSON readers silently take the last one; we say which lines."""
    file = tmp_path / "a.json"
    file.write_text('[{\n"a": 1,\n"b": {"a": 1},\n"a": 2}]')
    document, problems = read(file)
    assert document is not None
    assert [(p.severity, p.line, p.path) for p in problems] == [("error", 4, "$[0].a")]
    assert "line 2" in problems[0].suggestion


def test_a_comment_is_no_part_of_a_document(tmp_path: Path) -> None:
    """A text, or a list of lines, under the key `//` of any object; lines of all else stay right."""
    file = tmp_path / "a.json"
    file.write_text('{"//": "why",\n"a": {"//": ["one", "two"], "b": 1},\n"c": [{"//": []}],\n"d": 2}')
    document, problems = read(file)
    assert document is not None
    assert (document.value, problems) == ({"a": {"b": 1}, "c": [{}], "d": 2}, ())
    assert [document.line(place) for place in (("a", "b"), ("c", 0), ("d",))] == [2, 3, 4]


@pytest.mark.parametrize("said", ["1", "null", "{}", '["a", 1]', '[["a"]]'])
def test_what_is_no_text_is_no_comment(tmp_path: Path, said: str) -> None:
    """It stays, so that whoever doesn't know the key says so."""
    file = tmp_path / "a.json"
    file.write_text(f'{{"//": {said}}}')
    document, _ = read(file)
    assert document is not None
    assert document.value == {"//": json.loads(said)}


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"", None),
        (b" \n\n", None),
        (b"[1,\n2", 2),
        (b"[1,\n2,\n]", 3),
        (b"{'a': 1}", 1),
        (b"[1]\nx", 2),
        (b"[\n\nNaN]", 3),
        (b'["NaN",\n-Infinity]', 2),
        (b"[1e999]", 1),
        (b"[\n" + b"9" * 5000 + b"]", 2),
        (b"[\n\xff]", 2),
        (b"\xef\xbb\xbf[]", 1),
        ("[]".encode("utf-16"), 1),
        (b'["a\nb"]', 1),
        (b"\x00", 1),
    ],
)
def test_what_is_not_json_is_said_with_its_line(tmp_path: Path, content: bytes, line: int | None) -> None:
    """Each is one error, not a traceback."""
    file = tmp_path / "a.json"
    file.write_bytes(content)
    document, problems = read(file)
    assert document is None
    assert [(p.severity, p.file, p.line, p.path) for p in problems] == [("error", str(file), line, "$")]


def test_half_a_surrogate_pair_is_an_error(tmp_path: Path) -> None:
    """It could be written into no file, log or page."""
    file = tmp_path / "a.json"
    file.write_text('{"a": "\\ud83d\\ude00",\n"b": "\\ud83d"}')
    assert [(p.severity, p.line, p.path) for p in read(file)[1]] == [("error", 2, "$.b")]


@pytest.mark.parametrize(
    "content",
    [
        b"[" * 100000,
        b"[" * 100000 + b"]" * 100000,
        b'{"a":' * 100000,
        b'"\\"' * 300000,
        b"x" * 10000000,
        b"[" + b"1," * 5000000 + b"1]",
        b'["' + b"\\" * 1000000,
    ],
    ids=["open", "nested", "objects", "quotes", "huge", "long", "backslashes"],
)
def test_what_is_made_to_hurt_is_refused_within_seconds(tmp_path: Path, content: bytes) -> None:
    """Neither depth nor size costs more than a moment."""
    file = tmp_path / "a.json"
    file.write_bytes(content)
    began = time.monotonic()
    document, problems = read(file)
    assert (document, len(problems)) == (None, 1)
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("name", ["missing.json", "", "a\0b"])
def test_what_is_no_file_is_an_error(tmp_path: Path, name: str) -> None:
    """Missing, a folder, no name at all."""
    assert [p.severity for p in read(tmp_path / name)[1]] == ["error"]


@given(st.binary(max_size=200))
def test_any_bytes_are_a_document_or_problems(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    """Never an exception."""
    file = tmp_path_factory.getbasetemp() / "garbage.json"
    file.write_bytes(content)
    document, problems = read(file)
    assert document is not None or problems


@pytest.mark.parametrize("lies", ["a pipe", "a folder", "a socket"])
def test_what_is_no_file_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lies: str
) -> None:
    """Also where it takes the file's place between a look and the reading."""
    file, ordinary = tmp_path / "t.json", tmp_path / "ordinary"
    ordinary.touch()
    match lies:
        case "a pipe":
            os.mkfifo(file)
        case "a folder":
            file.mkdir()
        case "a socket":
            monkeypatch.chdir(tmp_path)
            socket.socket(socket.AF_UNIX).bind(file.name)
    look = os.stat(ordinary)
    monkeypatch.setattr(os, "stat", lambda *_, **__: look)
    document, problems = read(file)
    assert document is None
    assert len(problems) == 1
