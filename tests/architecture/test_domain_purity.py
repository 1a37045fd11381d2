"""The domain computes: it asks no clock, no chance, no disk and no library but attrs."""

import ast

import pytest

ALLOWED = {"attrs"} | {
    "abc",
    "base64",
    "collections",
    "datetime",
    "decimal",
    "enum",
    "functools",
    "hashlib",
    "itertools",
    "math",
    "operator",
    "re",
    "reprlib",
    "types",
    "typing",
}
FORBIDDEN_CALLS = {
    "now",
    "utcnow",
    "today",
    "open",
    "print",
    "input",
    "exec",
    "eval",
    "compile",
    "__import__",
}


def impurities(tree: ast.Module) -> list[str]:
    """What a module imports beyond the allowed, or calls of the forbidden, with its line."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names = [node.module or ""]
        elif isinstance(node, ast.Call) and called(node) in FORBIDDEN_CALLS:
            found.append(f"line {node.lineno}: calls {called(node)}")
            continue
        else:
            continue
        found += [f"line {node.lineno}: imports {n}" for n in names if n.split(".")[0] not in ALLOWED]
    return found


def called(node: ast.Call) -> str:
    """The last part of what is called."""
    if isinstance(node.func, ast.Attribute):
        # re.compile makes a pattern, compile makes code
        of_re = isinstance(node.func.value, ast.Name) and node.func.value.id == "re"
        return "" if of_re else node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""


def test_domain_is_pure(sources):
    """No module of the domain imports or calls what would make a decision depend on more than its input."""
    domain = [module for module in sources if module.path.startswith("src/domain/")]
    found = {module.path: bad for module in domain if (bad := impurities(module.tree))}
    assert len(domain) > 20
    assert found == {}


def test_domain_imports_nothing_above_itself(sources):
    """A relative import never climbs out of the domain."""
    for module in (m for m in sources if m.path.startswith("src/domain/")):
        depth = module.path.count("/") - 1
        for node in ast.walk(module.tree):
            if isinstance(node, ast.ImportFrom):
                assert node.level <= depth, f"{module.path}:{node.lineno}"


@pytest.mark.parametrize(
    "impure",
    [
        "import requests",
        "import os.path",
        "from uuid import uuid4",
        "from random import choice",
        "import time",
        "from datetime import datetime\ndatetime.now()",
        "import datetime\ndatetime.datetime.utcnow()",
        "from datetime import date\ndate.today()",
        "open('x')",
        "def f():\n    import jupyterhub",
    ],
)
def test_the_check_finds_what_it_is_for(impure):
    """Each kind of impurity is seen, also inside functions."""
    assert impurities(ast.parse(impure))


@pytest.mark.parametrize(
    "pure", ["import re\nre.compile('x')", "from attrs import frozen", "from ..values import X"]
)
def test_the_check_lets_pure_code_through(pure):
    """What is allowed is not reported."""
    assert impurities(ast.parse(pure)) == []
