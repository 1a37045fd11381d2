"""The spawner is found beside MultipleSpawner, and is imported only when somebody wants it."""

import subprocess
import sys

import multiplespawner
from multiplespawner.ssh_spawner.spawner import SSHSpawner

PROBE = "import sys, multiplespawner; print(*(set(sys.modules) & {'jupyterhub', 'asyncssh'}))"


def test_it_is_the_same_class():
    """Under the short name."""
    assert multiplespawner.SSHSpawner is SSHSpawner


def test_importing_the_package_imports_neither_hub_nor_ssh():
    """Command line and domain start without both."""
    done = subprocess.run([sys.executable, "-c", PROBE], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
