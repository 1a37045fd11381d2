"""Compares a document with its schema: every deviation with its place, at once."""

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

from .document import Document
from .problems import ENOUGH, Path, Problem, kind, near, shown
from .schema import Schema

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError


def deviations(document: Document, schema: Schema) -> tuple[Problem, ...]:
    """What differs from the schema, in no order; one at `()` means: too much to go on."""
    # commands that read no configuration don't wait for this import, which takes as long as all the others
    from jsonschema import Draft202012Validator

    errors = Draft202012Validator(schema).iter_errors(document.value)
    some = list(islice((found for error in errors for found in _problems(document, error)), ENOUGH + 1))
    if len(some) > ENOUGH:
        some[ENOUGH] = too_many(document)
    return tuple(dict.fromkeys(some))


def too_many(document: Document) -> Problem:
    """What is said where not everything was looked at: it must not pass for sound."""
    return document.error((), f"more than {ENOUGH} problems", "fewer", "Correct these first.")


def _problems(document: Document, error: "ValidationError") -> Iterator[Problem]:
    path: Path = tuple(error.absolute_path)
    schema: Schema = error.schema if isinstance(error.schema, dict) else {}
    instance: Any = error.instance
    if error.validator == "additionalProperties":
        known = schema["properties"]
        expected = f"one of {', '.join(known)}"
        for key in instance:
            if key not in known:
                place = (*path, key)
                yield document.error(place, f"the key {shown(key)}", expected, near(key, known))
    elif error.validator == "required":
        for key in schema["required"]:
            if key not in instance:
                yield document.error(path, f"no {key}", _member(schema, key))
    elif error.validator == "enum":
        choices = schema["enum"]
        suggestion = near(instance, choices) if isinstance(instance, str) else ""
        yield document.error(path, shown(instance), f"one of {', '.join(choices)}", suggestion)
    else:
        found = _kind(instance) if error.validator == "type" else shown(instance)
        expected = str(schema.get("description", error.validator_value))
        yield document.error(path, found, expected)


def _kind(value: Any) -> str:
    bare = value is None or isinstance(value, dict | list)
    return kind(value) if bare else f"{kind(value)}: {shown(value)}"


def _member(schema: Schema, key: str) -> str:
    member = schema["properties"].get(key, {})
    if "enum" in member:
        return f"{key}: one of {', '.join(member['enum'])}"
    return f"{key}: {member.get('description', 'a value')}"
