"""The package lies where its name says, and its parts know each other by relative names."""

import ast
import shutil
import subprocess

TESTING_TOOLS = {"pytest", "hypothesis"}


def imported(module):
    """Names of absolute imports."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node.module


def test_package_is_a_link_to_src(root):
    """`multiplespawner` is src/, through a relative symbolic link."""
    link = root / "pkg" / "multiplespawner"
    assert link.is_symlink()
    assert str(link.readlink()) == "../src"


def test_link_is_tracked_as_a_link(root, unavailable):
    """A clone gets the link, not a copy of what it points to."""
    if not shutil.which("git") or not (root / ".git").exists():
        unavailable("this is no git checkout, or git is missing")
    listed = subprocess.run(
        ["git", "-c", f"safe.directory={root}", "ls-files", "--stage", "pkg"],
        cwd=root, capture_output=True, text=True, check=True,
    )  # fmt: skip
    entries = [line.split() for line in listed.stdout.splitlines()]
    assert [(mode, path) for mode, _, _, path in entries] == [("120000", "pkg/multiplespawner")]


def test_imports_inside_the_package_are_relative(sources):
    """Nothing in src/ names the package that it is part of."""
    assert [m.path for m in sources for name in imported(m) if name.split(".")[0] == "multiplespawner"] == []


def test_every_folder_with_code_is_a_package(root):
    """A folder without `__init__.py` would be missing in the wheel."""
    folders = {file.parent for file in (root / "src").rglob("*.py")}
    assert [str(folder) for folder in folders if not (folder / "__init__.py").exists()] == []


def test_every_module_says_what_it_is_for(everything):
    """Each file with code in it has a docstring."""
    assert [m.path for m in everything if m.tree.body and not ast.get_docstring(m.tree)] == []


def test_testing_tools_stay_in_the_test_kit(sources):
    """What runs in production imports neither pytest nor hypothesis."""
    outside = [m for m in sources if not m.path.startswith("src/testing/")]
    assert [m.path for m in outside if TESTING_TOOLS & set(imported(m))] == []
