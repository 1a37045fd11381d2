"""The proxy that the demo and the tests run is npm's, also where PyPI's has the same name on PATH."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "demo" / "find_proxy.py"


def executable(folder, text):
    """A program of the proxy's name."""
    folder.mkdir(parents=True)
    program = folder / "configurable-http-proxy"
    program.write_text(text)
    program.chmod(0o755)
    return program


@pytest.fixture
def finding():
    """The script as a module, fresh each time."""
    spec = importlib.util.spec_from_file_location("find_proxy_under_test", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def path(monkeypatch, tmp_path):
    """Put folders on PATH before everything else."""
    return lambda *folders: monkeypatch.setenv("PATH", os.pathsep.join([*map(str, folders), os.defpath]))


NODE = "#!/bin/sh\n# node\nexit 0\n"
PYTHON = f"#!{sys.executable}\nprint('0.4')\n"
# what pip writes where the interpreter's path is too long for a first line
LONG_PYTHON = f"#!/bin/sh\n'''exec' {sys.executable} \"$0\" \"$@\"\n' '''\nprint('0.4')\n"
OF_A_NODE_PROJECT = "#!/home/node/.venv/bin/python\n"


@pytest.mark.parametrize("first", [PYTHON, LONG_PYTHON, OF_A_NODE_PROJECT])
def test_the_python_package_does_not_shadow_npms(finding, path, tmp_path, first):
    """PyPI's executable comes first on PATH and is passed over."""
    executable(tmp_path / "python", first)
    npms = executable(tmp_path / "npm", NODE)
    path(tmp_path / "python", tmp_path / "npm")
    assert finding.find_proxy(tmp_path / "prefix") == npms
    assert not (tmp_path / "prefix").exists()


def test_one_that_does_not_run_is_passed_over(finding, path, tmp_path):
    """npm's executable on a Node.js that is too old is none."""
    executable(tmp_path / "old", "#!/bin/sh\n# node\nexit 3\n")
    path(tmp_path / "old")
    works = executable(tmp_path / "prefix" / "bin", NODE)
    assert finding.find_proxy(tmp_path / "prefix") == works


def test_each_way_that_failed_is_told(finding, path, tmp_path, monkeypatch):
    """Without any way to a proxy, the answer names what was tried and why it failed."""
    path()
    monkeypatch.setattr(finding.shutil, "which", lambda _: None)

    def offline(*_):
        raise finding.NotHere("no network")

    monkeypatch.setattr(finding, "pip_install", offline)
    with pytest.raises(finding.NotHere) as told:
        finding.find_proxy(tmp_path / "prefix")
    assert len(str(told.value).splitlines()) == 3


def test_what_it_prints_runs():
    """As a script it prints one path, of a proxy that npm made and that says its version."""
    printed = subprocess.run([sys.executable, SCRIPT], capture_output=True, text=True, check=True).stdout
    version = subprocess.run(
        [printed.strip(), "--version"], capture_output=True, text=True, check=True
    ).stdout
    assert int(version.split(".")[0]) >= 4
