"""What every test may use."""

import os
from collections.abc import Callable
from typing import NoReturn

import pytest

pytest_plugins = ["postgres"]


@pytest.fixture(scope="session")
def unavailable() -> Callable[[str], NoReturn]:
    """Report that this machine can't run a test: not run, with the reason; in CI that is a failure."""

    def report(reason: str) -> NoReturn:
        if os.environ.get("CI"):
            pytest.fail(f"not run in CI: {reason}")
        pytest.skip(reason)

    return report
