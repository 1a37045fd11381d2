"""Reads from the source which adapters there are, and which suites are run on them."""

import ast
import re
import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from attrs import frozen

ROOT = Path(__file__).resolve().parents[1]
PORTS = ROOT / "src" / "application" / "ports"
SUITES = ROOT / "src" / "testing" / "contracts"
ADAPTERS = (ROOT / "src" / "adapters" / "outbound", ROOT / "src" / "testing" / "fakes")
RUNS = ROOT / "tests" / "contracts"

Classes = dict[str, ast.ClassDef]


@frozen
class Port:
    """A port and what must be tried of it."""

    name: str
    methods: frozenset[str]
    properties: frozenset[str]
    """Those of them that are no calls: a field does as well."""

    @property
    def suite(self) -> Path:
        """Where its suite must be."""
        return SUITES / f"{re.sub(r'(?<=[a-z])(?=[A-Z])', '_', self.name).lower()}.py"


def ports() -> tuple[Port, ...]:
    """Every protocol of the application."""
    found = classes(PORTS.glob("*.py"))
    return tuple(
        Port(name, frozenset(methods(name, found)), properties(name, found))
        for name in found
        if "Protocol" in bases(found[name])
    )


def adapters_of(port: Port) -> frozenset[str]:
    """Classes, real or fake, that have every method of a port."""
    found = adapter_classes()
    return frozenset(name for name in found if port.methods <= given(name, found, port))


def nearly_adapters_of(port: Port) -> dict[str, frozenset[str]]:
    """Classes that have most methods of a port, with those that they lack: a port that grew past them."""
    found = adapter_classes()
    lacking = {name: port.methods - given(name, found, port) for name in found}
    return {name: lack for name, lack in lacking.items() if 0 < len(lack) < len(port.methods) / 2}


def tried(port: Port) -> frozenset[str]:
    """Adapters of a port on which its suite is run, with those that they extend."""
    found = adapter_classes()
    named = {name for file in RUNS.glob("test_*.py") for name in names_in_runs(file, contracts(port))}
    return frozenset(ancestor for name in named if name in found for ancestor in line(name, found))


def adapter_classes() -> Classes:
    """All classes, real or fake, that may be adapters; what an adapter asks of its own parts is none."""
    found = classes(file for folder in ADAPTERS for file in folder.rglob("*.py"))
    return {
        name: node
        for name, node in found.items()
        if not name.startswith("_") and "Protocol" not in bases(node)
    }


def contracts(port: Port) -> frozenset[str]:
    """Names of the suites of a port; a port may have several."""
    return frozenset(name for name in classes([port.suite]) if name.endswith("Contract"))


def called_in_suite(port: Port) -> frozenset[str]:
    """What the suite of a port mentions of an object."""
    return frozenset(n.attr for n in ast.walk(parsed(port.suite)) if isinstance(n, ast.Attribute))


def registered() -> frozenset[str]:
    """Classes that our own entry points name."""
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["entry-points"]
    ours = {group: points for group, points in groups.items() if group.startswith("multiplespawner.")}
    return frozenset(value.split(":")[1].split()[0] for points in ours.values() for value in points.values())


def names_in_runs(file: Path, suites: frozenset[str]) -> set[str]:
    """Names used by the test classes of a file that inherit one of the suites, directly or through others."""
    tree = parsed(file)
    known = {
        n.name: n for n in tree.body if isinstance(n, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
    }
    local = {name: node for name, node in known.items() if isinstance(node, ast.ClassDef)}
    used: set[str] = set()
    waiting = [name for name in local if name.startswith("Test") and suites & set(line(name, local))]
    while waiting:
        node = known.pop(waiting.pop(), None)
        names = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)} if node else set()
        used |= names
        waiting.extend(names & set(known))
    return used


def classes(files: Iterable[Path]) -> Classes:
    """All classes at the top of files, by name."""
    return {
        n.name: n for file in files if file.exists() for n in parsed(file).body if isinstance(n, ast.ClassDef)
    }


def methods(name: str, among: Classes) -> set[str]:
    """Public methods and properties of a class and of those that it extends."""
    return {
        n.name
        for n in body(name, among)
        if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef) and not n.name.startswith("_")
    }


def properties(name: str, among: Classes) -> frozenset[str]:
    """Properties of a class and of those that it extends."""
    return frozenset(
        n.name
        for n in body(name, among)
        if isinstance(n, ast.FunctionDef)
        and any(isinstance(d, ast.Name) and d.id == "property" for d in n.decorator_list)
    )


def given(name: str, among: Classes, port: Port) -> set[str]:
    """Methods of a class, and its fields that do for a property of a port."""
    fields = {
        n.target.id
        for n in body(name, among)
        if isinstance(n, ast.AnnAssign) and isinstance(n.target, ast.Name)
    }
    return methods(name, among) | (fields & port.properties)


def body(name: str, among: Classes) -> list[ast.stmt]:
    """What stands in a class and in those that it extends."""
    return [n for ancestor in line(name, among) if ancestor in among for n in among[ancestor].body]


def line(name: str, among: Classes) -> tuple[str, ...]:
    """A class and all that it extends, by name."""
    parents = bases(among[name]) if name in among else ()
    return (name, *(ancestor for parent in parents for ancestor in line(parent, among)))


def bases(node: ast.ClassDef) -> tuple[str, ...]:
    """Names of the classes that a class extends."""
    return tuple(base.id for base in node.bases if isinstance(base, ast.Name))


@cache
def parsed(file: Path) -> ast.Module:
    """A file's syntax."""
    return ast.parse(file.read_text())
