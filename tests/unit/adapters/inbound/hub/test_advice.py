"""Whatever a start can fail with, the person is told what to do next."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import multiplespawner
from multiplespawner.adapters.inbound.hub.advice import ADVICE, DEFAULT, advice_for
from multiplespawner.ssh_spawner.failing import TEXTS

SOURCE = Path(multiplespawner.__file__).parent

GIVERS = {
    "AuthenticationFailed": 0,
    "ConfigurationFailed": 0,
    "Failure": 1,
    "NotOnHost": 0,
    "NotTrusted": 0,
    "RecordSpawnerFailed": 0,
    "RequestStop": 1,
    "SpawnFailed": 0,
    "SshFailed": 0,
    "StepFailed": 1,
    "Unusable": 0,
    "failure": 0,
}
"""Which argument of a call is a code."""

AFTERWARDS = {
    *("cannot_be_seen", "inner_still_running", "inner_stop_failed", "still_there"),
    *("expired", "not_expected", "not_found"),
}
"""Of what has run, or is being given back: no start fails with these."""

CORRECTED = {
    *("ambiguous_offer", "bad_option", "bad_type", "hardware_out_of_range", "lifetime_too_long"),
    *("no_offer", "offer_required", "option_required", "unknown_flavor", "unknown_key", "unknown_offer"),
    *("unknown_option", "last_has_changed"),
}
"""Of what was asked for: the message says what is allowed, and the form shows where."""

OF_PROGRAMS = {
    *("bad_parameter", "body_too_large", "not_json", "wrong_content_type", "out_of_order"),
    *("provider_error", "refused"),
}
"""No person is told of these."""


@pytest.fixture(scope="module")
def codes() -> set[str]:
    """All that stand in the source."""
    found = set(TEXTS)
    for file in SOURCE.rglob("*.py"):
        if "testing" not in file.relative_to(SOURCE).parts:
            found |= set(_codes(ast.parse(file.read_text())))
    return found


def _codes(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            given = node.args[GIVERS[name] :] if name in GIVERS else []
            yield from _texts(given[:1])
        elif isinstance(node, ast.Assign):
            yield from _assigned(node.targets[0], node.value)
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            yield from _assigned(node.target, node.value)


def _assigned(target: ast.expr, value: ast.expr) -> Iterator[str]:
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        for each, its in zip(target.elts, value.elts, strict=False):
            yield from _assigned(each, its)
    elif isinstance(target, ast.Name) and target.id == "code":
        yield from _texts([value])


def _texts(values: list[ast.expr]) -> Iterator[str]:
    return (each.value for each in values if isinstance(each, ast.Constant) and isinstance(each.value, str))


def test_every_code_has_advice_or_is_meant_to_have_none_of_its_own(codes: set[str]) -> None:
    """Whoever adds one has to think of the person who meets it."""
    assert codes - set(ADVICE) == AFTERWARDS | CORRECTED | OF_PROGRAMS


def test_no_advice_is_for_what_never_happens(codes: set[str]) -> None:
    """Apart from those that are made of other texts: the hub's calls, and what an ending is called."""
    assert set(ADVICE) - codes <= {"start_cancelled", "never_answered", "provider_unavailable"}


def test_what_nobody_has_thought_of() -> None:
    """A refusal can be corrected, a failure be tried again; each has an end."""
    assert advice_for("no_such_code") == advice_for(None) == DEFAULT
    assert advice_for("no_such_code", refused=True) != DEFAULT
    assert all(text.endswith(".") for text in ADVICE.values())
