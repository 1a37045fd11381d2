"""The wheel and the source archive, built once from a copy, and an environment with the wheel in it."""

import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
from attrs import frozen

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ("pyproject.toml", "README.md", "LICENSE", "src", "pkg")


@frozen
class Built:
    """What `python -m build` made."""

    wheel: Path
    archive: Path
    package: frozenset[str]
    """The files that the package had when it was built, below src/."""


@frozen
class Installed:
    """A fresh environment in which nothing but the wheel is ours."""

    bin: Path
    site: Path
    """Its site-packages."""


@pytest.fixture(scope="session")
def built(tmp_path_factory) -> Built:
    """Wheel, and archive; a copy is built, since a build leaves things beside what it builds."""
    copy, out = tmp_path_factory.mktemp("copy"), tmp_path_factory.mktemp("dist")
    for name in SOURCES:
        if (ROOT / name).is_dir():
            left_out = shutil.ignore_patterns("__pycache__", "*.egg-info")
            shutil.copytree(ROOT / name, copy / name, symlinks=True, ignore=left_out)
        else:
            shutil.copy(ROOT / name, copy / name)
    build = [sys.executable, "-m", "build", "--no-isolation", "--outdir", out, copy]
    made = subprocess.run(build, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stdout + made.stderr
    package = frozenset(str(f.relative_to(copy / "src")) for f in (copy / "src").rglob("*") if f.is_file())
    return Built(next(out.glob("*.whl")), next(out.glob("*.tar.gz")), package)


@pytest.fixture(scope="session")
def installed(built, tmp_path_factory) -> Installed:
    """The wheel in an environment of its own, which borrows only dependencies."""
    home = tmp_path_factory.mktemp("installed")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", home], check=True)
    site = next(home.glob("lib/python*/site-packages"))
    # a folder named in a .pth file comes last, and its own .pth files (the editable install) don't count
    (site / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    install = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        home / "bin" / "python",
        "install",
        "--no-deps",
        "--no-index",
    ]
    done = subprocess.run(
        [*install, "--ignore-installed", built.wheel], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return Installed(home / "bin", site)
