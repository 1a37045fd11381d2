"""A provider of another distribution is found and keeps the contract; it is the example of the guide."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from multiplespawner.testing.contracts.provider import ProviderContract

GUIDES = Path(__file__).parents[2] / "docs" / "guides"
EXAMPLE = GUIDES / "folder_provider"
PROMISES = [name for name in dir(ProviderContract) if name.startswith("test_")]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example, built as its author would, without a network."""
    project, out = tmp_path_factory.mktemp("project") / "it", tmp_path_factory.mktemp("wheel")
    shutil.copytree(EXAMPLE, project)
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", out, project)
    (built,) = out.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the wheel is installed beside multiplespawner."""
    target = tmp_path_factory.mktemp("site")
    run(
        sys.executable,
        "-m",
        "pip",
        "install",
        "--no-deps",
        "--no-index",
        "--quiet",
        "--target",
        target,
        wheel,
    )
    return target


@pytest.fixture
def configured(tmp_path: Path) -> Path:
    """A folder with an administrator's files that use it."""
    spawner = {"class": "jupyterhub.spawner.SimpleLocalProcessSpawner", "kwargs": {}}
    template = {"name": "here", "resource_type": "container", "providers": ["folder"], "spawner": spawner}
    entry = {"name": "small", "provider": "folder", "root": str(tmp_path / "machines")}
    (tmp_path / "spawner_templates.json").write_text(json.dumps([template]))
    (tmp_path / "spawner_deployment.json").write_text(json.dumps({"container": [entry]}))
    return tmp_path


def run(*command: str | Path, beside: Path | None = None, cwd: Path | None = None) -> str:
    """What a command prints; fails with all it said."""
    environment = {**os.environ, "PYTHONPATH": str(beside or "")}
    done = subprocess.run(
        [str(word) for word in command], capture_output=True, text=True, timeout=300, env=environment, cwd=cwd
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_it_is_found_by_its_entry_point(installed: Path) -> None:
    """Nothing but its installation makes it known."""
    code = (
        "from multiplespawner.adapters.outbound.plugins import PROVIDERS, Plugins; p = Plugins(PROVIDERS); "
        "print('local' in p.names(), p.distributions('folder'), p.load('folder').__name__)"
    )
    assert run(sys.executable, "-c", code, beside=installed).strip() == (
        "True ('folder-provider 1.0',) FolderProvider"
    )


def test_its_author_runs_our_suite_from_outside(installed: Path, tmp_path: Path) -> None:
    """The suite is in our wheel and needs no file of our repository; every promise is tried."""
    suite = shutil.copy(EXAMPLE / "check_folder_provider.py", tmp_path / "test_folder_provider.py")
    said = run(
        sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", suite, beside=installed, cwd=tmp_path
    )
    assert re.search(rf"^{len(PROMISES)} passed", said, re.MULTILINE), said


def test_check_offers_what_it_rents(installed: Path, configured: Path) -> None:
    """An administrator sees it as any other, with its own settings; without it, they see what is missing."""
    check = Path(sys.executable).with_name("multiplespawner"), "check", "--directory", configured, "--strict"
    assert "folder/here/small" in run(*check, beside=installed)
    without = subprocess.run([str(word) for word in check], capture_output=True, text=True, timeout=60)
    assert without.returncode == 1
    assert "provider folder" in without.stdout


@pytest.mark.parametrize("file", ["folder_provider.py", "pyproject.toml", "check_folder_provider.py"])
def test_the_guide_shows_what_is_tried_here(file: str) -> None:
    """The code in the guide is the very code of the example."""
    guide = (GUIDES / "write-a-provider.md").read_text()
    blocks = re.findall(r"^```\w+\n(.*?)^```$", guide, re.MULTILINE | re.DOTALL)
    assert (EXAMPLE / file).read_text() in blocks
