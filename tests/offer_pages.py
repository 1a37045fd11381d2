"""The form of somebody to whom offers are made, without a hub."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from unittest.mock import MagicMock
from urllib.parse import urlencode

from attrs import evolve
from bs4 import BeautifulSoup, Tag
from jupyterhub.handlers.pages import SpawnHandler
from tornado.httputil import HTTPHeaders, HTTPServerRequest, RequestStartLine

from multiplespawner.adapters.inbound.hub.forms import Forms
from multiplespawner.domain import offers as o

NOW = datetime(2026, 11, 25, 17, 0, 30, tzinfo=UTC)
PLAIN = o.Offer(
    id="local/Plain/machine",
    name="Plain",
    type="bare_metal",
    provider="local",
    template="Plain",
    entry="machine",
)
RICH = evolve(
    PLAIN,
    id="local/Rich/machine",
    name="Rich",
    entry="rich",
    description="For everyday work.",
    hardware=o.Ranges(o.Range(1, 8, 4), o.Range(1, 64, 16)),
    lifetime=o.Lifetime(60, 480),
    options=(
        o.ChoiceOption(name="colour", title="Colour", choices=("red", "green"), default="red"),
        o.IntegerOption(name="count", minimum=1, maximum=5, default=2),
        o.TextOption(name="word", title="Magic word", pattern="[a-z]+", default="please"),
        o.BooleanOption(name="fast", default=True),
    ),
)


class House:
    """As much of a house as a form needs."""

    def __init__(self, offers: tuple[o.Offer, ...], free: dict[str, Any] | None = None) -> None:
        self._configuration = SimpleNamespace(offers=offers)
        self._free = free or {}
        self.configurations = SimpleNamespace(current=SimpleNamespace(errors=()), refused=None)
        clock = SimpleNamespace(now=lambda: NOW)
        self.ports = SimpleNamespace(clock=clock, configurations=self.configurations)
        self.availabilities = SimpleNamespace(of=self._of)

    async def refresh_configuration(self) -> Any:
        """What is in force."""
        return self._configuration

    async def _of(self, _offers: Any) -> Any:
        return self._free


def forms_for(handler: Any = None, remembered: dict[str, Any] | None = None) -> Forms:
    """The forms of a user's server, asked for by a handler."""
    user = SimpleNamespace(name="ada", groups=[])
    return Forms(SimpleNamespace(user=user, handler=handler, remembered=remembered or {}))


def asked(query: str = "", scopes: tuple[str, ...] = ()) -> SpawnHandler:
    """The hub's handler of a link to the page, followed by somebody who may do this."""
    return _handler(_request("GET", f"/hub/spawn?{query}"), scopes)


def sent(fields: dict[str, Any]) -> SpawnHandler:
    """The hub's handler of a filled form."""
    request = _request("POST", "/hub/spawn")
    request.headers["Content-Type"] = "application/x-www-form-urlencoded"
    request.body = urlencode(fields, doseq=True).encode()
    request._parse_body()
    return _handler(request)


def _request(method: str, path: str) -> HTTPServerRequest:
    return HTTPServerRequest(
        start_line=RequestStartLine(method, path, "HTTP/1.1"),
        headers=HTTPHeaders({"Host": "hub"}),
        connection=MagicMock(),
    )


def _handler(request: HTTPServerRequest, scopes: tuple[str, ...] = ()) -> SpawnHandler:
    made = SpawnHandler.__new__(SpawnHandler)
    made.request = request
    made.parsed_scopes = scopes
    made.application = SimpleNamespace(settings={"hub": SimpleNamespace(base_url="/hub/")})
    return made


def soup(page: str) -> BeautifulSoup:
    """A page as its elements."""
    return BeautifulSoup(page, "html.parser")


def one(page: BeautifulSoup | Tag, *args: Any, **kwargs: Any) -> Tag:
    """The only element of its kind."""
    found = page.find_all(*args, **kwargs)
    assert len(found) == 1, found
    assert isinstance(found[0], Tag)
    return found[0]


def chosen(page: BeautifulSoup) -> list[str]:
    """Ids of the offers whose cards are chosen."""
    return [str(tag["value"]) for tag in page.find_all("input", {"name": "offer", "checked": True})]


def control(page: BeautifulSoup, name: str, offer: o.Offer = RICH) -> Tag:
    """What a field of an offer is typed into."""
    return one(page, ["input", "select"], attrs={"name": f"{name}:{offer.id}", "id": True})
