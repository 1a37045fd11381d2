"""What is published holds all that the checkout has, and works where it is installed."""

import subprocess
import tarfile
import zipfile
from email.parser import Parser
from importlib.metadata import version

import pytest
from packaging.requirements import Requirement


def run(installed, *command):
    """Standard output of a program of the environment, run elsewhere than in the checkout."""
    program = [installed.bin / command[0], *command[1:]]
    done = subprocess.run(program, cwd=installed.site, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture(scope="module")
def metadata(built):
    """What the wheel says about itself."""
    with zipfile.ZipFile(built.wheel) as wheel:
        name = next(n for n in wheel.namelist() if n.endswith(".dist-info/METADATA"))
        return Parser().parsestr(wheel.read(name).decode())


def test_wheel_has_every_file_of_the_package(built):
    """Each sub-package, each data file and `py.typed` are in it, and nothing that is not ours."""
    prefix = "multiplespawner/"
    with zipfile.ZipFile(built.wheel) as wheel:
        names = {n.removeprefix(prefix) for n in wheel.namelist() if n.startswith(prefix)}
        others = {n.split("/")[0] for n in wheel.namelist() if not n.startswith(prefix)}
    assert names == built.package
    assert {"py.typed", "testing/__init__.py", "domain/plan.py"} <= names
    assert [other for other in others if not other.endswith(".dist-info")] == []


def test_archive_can_be_built_again(built):
    """The source archive has the package's files under the path that the build looks in, and the licence."""
    with tarfile.open(built.archive) as archive:
        names = {name.split("/", 1)[1] for name in archive.getnames() if "/" in name}
    assert {f"pkg/multiplespawner/{file}" for file in built.package} <= names
    assert {"pyproject.toml", "README.md", "LICENSE"} <= names


def test_extra_all_names_every_extra(metadata):
    """Who installs everything leaves nothing out."""
    extras = set(metadata.get_all("Provides-Extra"))
    own = [Requirement(text) for text in metadata.get_all("Requires-Dist")]
    named = {extra for each in own if each.name == "multiplespawner" for extra in each.extras}
    assert named == extras - {"all"}


def test_package_is_imported_from_the_wheel(installed):
    """The environment has the wheel, not the checkout."""
    where = run(installed, "python", "-c", "import multiplespawner; print(multiplespawner.__file__)")
    assert where == str(installed.site / "multiplespawner" / "__init__.py")


def test_domain_and_test_kit_are_imported_without_the_hub(installed):
    """Authors of adapters don't load JupyterHub for a contract."""
    program = (
        "import sys, multiplespawner.domain.plan, multiplespawner.testing; print('jupyterhub' in sys.modules)"
    )
    assert run(installed, "python", "-c", program) == "False"


def test_command_line_says_its_version(installed):
    """`multiplespawner version` works from the wheel."""
    assert version("multiplespawner") in run(installed, "multiplespawner", "version")


@pytest.mark.parametrize("name", ["multiplespawner", "multiplespawner.MultipleSpawner"])
def test_hub_knows_the_spawner(installed, name):
    """JupyterHub takes the short name of the entry point and the documented class path for the same class."""
    program = (
        "from jupyterhub.app import JupyterHub; from multiplespawner import MultipleSpawner;"
        f"print(JupyterHub(spawner_class={name!r}).spawner_class is MultipleSpawner)"
    )
    assert run(installed, "python", "-c", program) == "True"
