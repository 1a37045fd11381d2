"""A real browser: Debian's Chromium without a screen."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from e2e.in_browser.people import Person, person

QUIET = [
    "--no-sandbox",  # root has no other way, and only our own pages are opened
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]


@pytest.fixture(scope="session")
def program(unavailable: Callable[[str], Any]) -> str:
    """The browser's program."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next(filter(None, map(shutil.which, names)), None)
    return found or unavailable("no Chromium: apt-get install chromium fonts-dejavu-core")


# of a module, not of all tests: as long as it is there, its event loop runs in this thread
@pytest.fixture(scope="module")
def chromium(program: str) -> Iterator[Browser]:
    """The browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def shots(tmp_path: Path) -> Path:
    """Where pictures go: the folder that SCREENSHOTS names, for somebody to look at, else away."""
    folder = Path(os.environ.get("SCREENSHOTS") or tmp_path / "shots").absolute()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def visit(chromium: Browser, shots: Path) -> Iterator[Callable[..., Person]]:
    """Opens a window at a hub for somebody: `visit(hub, "ann", color_scheme="dark")`."""
    with ExitStack() as windows:
        yield lambda hub, name, **window: windows.enter_context(person(chromium, hub, name, shots, **window))
