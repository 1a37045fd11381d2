"""The document tells what the handlers do, and is one that tools can read."""

import re
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from jsonschema import Draft202012Validator
from jupyterhub.apihandlers.base import APIHandler

from multiplespawner.adapters.inbound.hub.api import ROUTES, bodies, handlers
from multiplespawner.adapters.inbound.hub.api.document import document
from multiplespawner.adapters.inbound.hub.api.starting import StartHandler
from multiplespawner.application import trust
from multiplespawner.domain import accounts
from multiplespawner.domain.allowance import refusals as of_allowances
from multiplespawner.domain.offers import refusals as of_offers
from multiplespawner.domain.refusals import Refusal

GUIDE = Path(__file__).parents[6] / "docs" / "api.md"
REFUSING = (accounts, bodies, of_offers, of_allowances, trust)


def methods(handler: type[APIHandler]) -> set[str]:
    """What a handler answers to by code of ours."""
    return {name for name in ("get", "post", "put", "patch", "delete") if name in vars(handler)}


@pytest.mark.parametrize("path", ROUTES)
def test_every_route_is_told_with_its_methods(path: str) -> None:
    """Of the hub's own routes only the start, which is ours to tell of."""
    told = document()["paths"][path].keys() - {"parameters"}
    handler = ROUTES[path]
    assert told == ({"post"} if handler is StartHandler else methods(handler))


def test_no_route_is_told_that_there_is_not() -> None:
    """And each path is one that the hub finds."""
    told = document()["paths"]
    assert told.keys() == ROUTES.keys()
    for (pattern, handler), path in zip(handlers(), ROUTES, strict=True):
        assert re.fullmatch(pattern, f"/api{re.sub('{[a-z]+}', 'x', path)}")
        assert handler is ROUTES[path]


def test_tools_can_read_it() -> None:
    """It is a valid OpenAPI 3.1 document, in which every reference leads somewhere."""
    schemathesis.openapi.from_dict(document()).validate()
    for reference in _references(document()):
        found: Any = document()
        for part in reference.removeprefix("#/").split("/"):
            found = found[part]


def test_its_schemas_are_schemas() -> None:
    """Of the dialect that OpenAPI 3.1 has."""
    for schema in document()["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_every_code_is_told_in_the_guide() -> None:
    """Programs that go by codes find all of them in one table."""
    known = {
        each.code
        for module in REFUSING
        for each in vars(module).values()
        if isinstance(each, type) and issubclass(each, Refusal) and each is not Refusal
    }
    told = set(re.findall(r"^\| `([a-z_]+)` \|", GUIDE.read_text(), re.MULTILINE))
    assert known | {"bad_request"} == told


def _references(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return own + [each for part in value.values() for each in _references(part)]
    return [each for part in value for each in _references(part)] if isinstance(value, list) else []
