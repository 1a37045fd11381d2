"""Files and functions stay small enough to be read at once."""

import ast
from statistics import median


def functions(modules):
    """Lengths in lines of all functions."""
    for module in modules:
        for node in ast.walk(module.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node.end_lineno - node.lineno + 1


def test_no_file_is_over_its_limit(everything):
    """A file that grows past 200 lines has two subjects; tables of test cases may take twice that."""
    limit = {m.path: 400 if m.path.startswith("tests/") else 200 for m in everything}
    assert {m.path: m.lines for m in everything if m.lines > limit[m.path]} == {}


def test_most_files_of_the_package_are_short(sources):
    """The median file with code fits on one screen and a half."""
    assert median(m.lines for m in sources if m.lines > 1) <= 80


def test_most_functions_of_the_package_are_short(sources):
    """The median function has at most ten lines."""
    assert median(functions(sources)) <= 10
