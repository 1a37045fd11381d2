"""A person with a browser window at a hub."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from attrs import define
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from e2e.hubs import LIMIT, RealHub

SERIOUS = ("serious", "critical")
"""What axe calls faults that keep somebody from using a page."""


@define(eq=False)
class Person:
    """Somebody who has logged in."""

    name: str
    hub: RealHub
    page: Page
    shots: Path
    """Folder of the pictures."""

    def goto(self, path: str) -> None:
        """Open a page of the hub."""
        self.page.goto(f"{self.hub.url}/hub/{path}")

    def login(self) -> None:
        """Log in; any password does."""
        self.goto("login")
        self.page.get_by_label("Username").fill(self.name)
        self.page.get_by_label("Password").fill("any")
        self.page.get_by_role("button", name="Sign in").click()
        self.page.wait_for_url(re.compile(r"/(hub|user)/(?!login)"))

    def pick(self, offer: str) -> None:
        """Choose an offer by its name."""
        self.page.get_by_role("radio", name=offer).check()

    def start(self) -> None:
        """Press the hub's own button."""
        self.page.get_by_role("button", name="Start", exact=True).click()

    def step(self, words: str) -> Locator:
        """One of the steps of a start."""
        return self.page.locator("#steps").get_by_role("listitem").filter(has_text=words)

    def arrive(self, server: str = "") -> None:
        """Wait until the person's server is on the screen."""
        self.page.wait_for_url(f"**/user/{self.name}/{server and server + '/'}**")

    def picture(self, name: str, **how: Any) -> None:
        """Keep a picture, if nothing else is said of the whole page."""
        self.page.screenshot(path=self.shots / f"{name}.png", **(how or {"full_page": True}))

    def serious_faults(self) -> list[str]:
        """What axe finds on this page that keeps somebody from using it."""
        found = Axe().run(self.page).response["violations"]
        return [
            f"{fault['id']}: {', '.join(str(node['target']) for node in fault['nodes'])}"
            for fault in found
            if fault["impact"] in SERIOUS
        ]


@contextmanager
def person(browser: Browser, hub: RealHub, name: str, shots: Path, **window: Any) -> Iterator[Person]:
    """Somebody in a window of their own; nothing of it outlives the test."""
    context = browser.new_context(**window)
    context.set_default_timeout(LIMIT * 1000)
    expect.set_options(timeout=LIMIT * 1000)
    try:
        somebody = Person(name, hub, context.new_page(), shots)
        somebody.login()
        yield somebody
    finally:
        context.close()
