"""What every test may use."""

import os
import signal
from collections.abc import Callable
from typing import NoReturn

import pytest

pytest_plugins = ["postgres", "ssh_fixtures"]


def pytest_configure() -> None:
    """Let programs that tests start be interrupted: a shell has its background jobs ignore that."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def unavailable() -> Callable[[str], NoReturn]:
    """Report that this machine can't run a test: not run, with the reason; in CI that is a failure."""

    def report(reason: str) -> NoReturn:
        if os.environ.get("CI"):
            pytest.fail(f"not run in CI: {reason}")
        pytest.skip(reason)

    return report
