"""What we use of the hub though it promises nothing of it: an upgrade that changes it fails here by name."""

import ast
import inspect
from pathlib import Path
from typing import Any

import jupyterhub.apihandlers.users as api
import pytest
from jupyterhub.handlers.base import BaseHandler
from jupyterhub.handlers.pages import SpawnHandler, SpawnPendingHandler
from jupyterhub.spawner import Spawner
from jupyterhub.user import User
from tornado.web import RequestHandler

from multiplespawner.adapters.inbound import hub as ours

OVERRIDDEN = {
    (SpawnHandler, "_get_user_options"): ["self", "query_options"],
    (SpawnHandler, "_render_form"): ["self", "for_user", "spawner_options_form", "message", "html_message"],
    (Spawner, "_run_apply_user_options"): ["self", "user_options"],
    (BaseHandler, "get_template"): ["self", "name", "sync"],
    (api.UserServerAPIHandler, "get_server_json_body"): ["self"],
    (SpawnPendingHandler, "get"): ["self", "user_name", "server_name"],
    (api.SpawnProgressAPIHandler, "get"): ["self", "user_name", "server_name"],
}
"""Methods in whose place we stand, with what they are called with."""

READ = {
    (Spawner, "_failed"),
    (Spawner, "_log_name"),
    (Spawner, "_progress_url"),
    (Spawner, "_spawn_future"),
    (Spawner, "_spawn_pending"),
    (Spawner, "_waiting_for_response"),
    (RequestHandler, "_finished"),
    (RequestHandler, "_unimplemented_method"),
}
"""What we look at; an instance of a handler has `_finished`."""


@pytest.mark.parametrize(("owner", "name"), OVERRIDDEN, ids=lambda each: getattr(each, "__name__", each))
def test_what_we_stand_in_for_is_called_as_before(owner: type[Any], name: str) -> None:
    """A parameter more or less, or another order, is to be seen to."""
    found = inspect.signature(inspect.unwrap(getattr(owner, name))).parameters
    assert list(found) == OVERRIDDEN[owner, name]


@pytest.mark.parametrize(
    ("owner", "name"), sorted(READ, key=str), ids=lambda each: getattr(each, "__name__", each)
)
def test_what_we_look_at_is_there(owner: type[Any], name: str) -> None:
    """As an attribute of its class, or set when one is made."""
    assert hasattr(owner, name) or f"self.{name} = " in inspect.getsource(owner)


def test_nothing_else_of_the_hub_s_own_is_used() -> None:
    """Whatever begins with an underscore and is the hub's stands above."""
    theirs = {
        name
        for owner in (Spawner, SpawnHandler, SpawnPendingHandler, User, api.SpawnProgressAPIHandler)
        for name in vars_of(owner)
    }
    assert used() & theirs <= {name for _, name in (*OVERRIDDEN, *READ)}


def vars_of(owner: type[Any]) -> set[str]:
    """Private names of a class and its bases, and those that its methods set."""
    set_ = {
        node.attr
        for each in owner.__mro__[:-1]
        if each.__module__.partition(".")[0] in ("jupyterhub", "tornado")
        for node in ast.walk(ast.parse(inspect.cleandoc("\n" + inspect.getsource(each))))
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)
    }
    return {name for name in {*dir(owner), *set_} if name.startswith("_") and not name.startswith("__")}


def used() -> set[str]:
    """Private names that our code reads of anything, or defines in a class."""
    trees = [ast.parse(file.read_text()) for file in Path(ours.__file__).parent.rglob("*.py")]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    read = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    defined = {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
    return {name for name in read | defined if name.startswith("_") and not name.startswith("__")}
