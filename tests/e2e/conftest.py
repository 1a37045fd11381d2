"""What tests with a real hub may use."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="session")
def proxy(unavailable: Callable[[str], Any]) -> Path:
    """Executable of npm's proxy, installed into the checkout's .demo folder on the first use."""
    find = [sys.executable, Path(__file__).resolve().parents[2] / "demo" / "find_proxy.py"]
    done = subprocess.run(find, capture_output=True, text=True, check=False)
    if done.returncode:
        unavailable(done.stderr.strip())
    return Path(done.stdout.strip())
