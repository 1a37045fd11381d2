"""The source tree, parsed."""

import ast
from pathlib import Path

import pytest
from attrs import frozen

ROOT = Path(__file__).resolve().parents[2]


@frozen
class Module:
    """One file of ours."""

    path: str
    """Below the checkout, such as `src/domain/plan.py`."""
    lines: int
    tree: ast.Module

    def classes(self) -> list[ast.ClassDef]:
        """Its public classes."""
        return [n for n in self.tree.body if isinstance(n, ast.ClassDef) and not n.name.startswith("_")]


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


def parsed(*folders: str) -> list[Module]:
    """Every Python file below these folders of the checkout."""
    files = [file for folder in folders for file in sorted((ROOT / folder).rglob("*.py"))]
    return [
        Module(str(file.relative_to(ROOT)), len(text.splitlines()), ast.parse(text))
        for file in files
        if (text := file.read_text()) or True
    ]


@pytest.fixture(scope="session")
def sources() -> list[Module]:
    """The package."""
    return parsed("src")


@pytest.fixture(scope="session")
def everything() -> list[Module]:
    """The package and what stands around it."""
    return parsed("src", "tests", "demo", "benchmarks")
