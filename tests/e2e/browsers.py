"""A browser as far as the hub's plain forms need one."""

from collections.abc import Iterator
from typing import Any

import requests
from attrs import define, field
from bs4 import BeautifulSoup, Tag

from e2e.hubs import LIMIT, RealHub


@define(eq=False)
class Browser:
    """Cookies of one person."""

    hub: RealHub
    session: requests.Session = field(factory=requests.Session)
    user: str = ""
    """Who has logged in."""

    def login(self, user: str) -> None:
        """Log in; any password does."""
        self.user = user
        answer = self.fill(self.get("login"), username=user, password="any")
        assert answer.ok, answer.text

    def get(self, path: str) -> BeautifulSoup:
        """A page of the hub."""
        answer = self.session.get(f"{self.hub.url}/hub/{path}", timeout=LIMIT)
        answer.raise_for_status()
        return BeautifulSoup(answer.content, "html.parser")

    def fill(self, page: BeautifulSoup, **fields: Any) -> requests.Response:
        """Send the page's form with its own values, and these instead of or beside them."""
        form = page.find("form")
        assert isinstance(form, Tag), page
        values = {**presets(form), **fields}
        action = f"{self.hub.url}{form.get('action') or '/hub/spawn'}"
        return self.session.post(action, data=values, timeout=LIMIT)


def presets(form: Tag) -> dict[str, str]:
    """What the form sends as it is."""
    found: dict[str, str] = {}
    for tag in form.find_all(["input", "select"]):
        name, kind = tag.get("name"), tag.get("type")
        if not name or (kind in ("radio", "checkbox") and not tag.has_attr("checked")):
            continue
        if tag.name == "select":
            chosen = tag.find("option", selected=True) or tag.find("option")
            found[name] = chosen.get("value", "")
        else:
            found[name] = tag.get("value", "on" if kind == "checkbox" else "")
    return found


def said(hub: RealHub, user: str) -> Iterator[str]:
    """What the hub says of a user and their server: by REST, as progress, and on the person's pages."""
    browser = Browser(hub)
    browser.login(user)
    yield hub.api("GET", f"users/{user}").text
    yield hub.api("GET", f"users/{user}/server/progress").text
    for page in ("spawn", "home", f"spawn-pending/{user}"):
        yield browser.session.get(f"{hub.url}/hub/{page}", timeout=LIMIT, allow_redirects=False).text
