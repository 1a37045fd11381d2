"""The configuration is edited while the hub runs."""

import json
from collections.abc import Iterator

import pytest
import requests
from bs4 import BeautifulSoup, Tag

from e2e.browsers import Browser
from e2e.hubs import LIMIT, RealHub, local, real_hub

ADMINISTRATOR = 'c.Authenticator.admin_users = {"root"}\n'
MARKUP = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def started(proxy, tmp_path_factory) -> Iterator[RealHub]:
    """A hub with an administrator."""
    folder = tmp_path_factory.mktemp("hub")
    with real_hub(folder, proxy, offers=([local("One"), local("Two")],), config=ADMINISTRATOR) as hub:
        # it reads its files when somebody first asks for a server
        page(browser_of(hub, "root"))
        yield hub


@pytest.fixture
def hub(started: RealHub) -> RealHub:
    """The hub; it offers `One` and `Two`."""
    started.offers([local("One"), local("Two")])
    assert page(browser_of(started, "root")).find(id="refused") is None
    started.api("POST", "users/ann")
    return started


@pytest.fixture
def root(hub: RealHub) -> Browser:
    """The administrator's browser."""
    return browser_of(hub, "root")


@pytest.fixture
def ann(hub: RealHub) -> Browser:
    """A user's browser."""
    return browser_of(hub, "ann")


def browser_of(hub: RealHub, user: str) -> Browser:
    """A browser in which somebody has logged in."""
    opened = Browser(hub)
    opened.login(user)
    return opened


def errors(hub: RealHub) -> bool:
    """Whether the last that the log knows of the configuration is that it was refused."""
    return hub.fact("configuration.loaded").get("result") == "refused"


def offered(browser: Browser) -> list[str]:
    """Offers in the form."""
    found = browser.get("spawn").find_all(attrs={"name": "offer"})
    return sorted({value for tag in found if (value := tag.get("value")) and value.startswith("local/")})


def post(hub: RealHub, user: str, offer: str) -> requests.Response:
    """Ask for a server by REST."""
    return hub.api("POST", f"users/{user}/server", json={"offer": offer})


def page(browser: Browser) -> Tag:
    """The administrator's page."""
    found = browser.get("multiplespawner").find("main")
    assert isinstance(found, Tag)
    return found


def break_(hub: RealHub, name: str) -> None:
    """Save a mistake: a template with a key that there is not."""
    hub.offers([local("One"), {**local("Three"), name: 1}])


def test_the_next_form_has_the_edit(hub, ann):
    """At once, without a restart, and it is a fact."""
    assert offered(ann) == ["local/One/machine", "local/Two/machine"]
    before = hub.fact("configuration.loaded")["digest"]
    hub.offers([local("Three"), local("Four")])
    assert offered(ann) == ["local/Four/machine", "local/Three/machine"]
    hub.wait("fact", lambda: hub.fact("configuration.loaded")["digest"] != before)
    assert hub.fact("configuration.loaded")["result"] == "accepted"


def test_rest_has_the_edit(hub):
    """The new offer can be started at once, and the log has the configuration that allowed it before."""
    hub.offers([local("Five")])
    assert post(hub, "ann", "local/Two/machine").status_code == 400
    assert post(hub, "ann", "local/Five/machine").status_code in (201, 202)
    hub.wait("server", lambda: hub.ready("ann"))
    assert hub.fact("session.requested")["configuration"] == hub.fact("configuration.loaded")["digest"]
    topics = [topic for _, topic in hub.facts()]
    last = len(topics) - 1 - topics[::-1].index("session.requested")
    assert last > len(topics) - 1 - topics[::-1].index("configuration.loaded")
    hub.stop_server("ann")


def test_a_mistake_keeps_what_was_good(hub, ann, root):
    """Form and REST go on as before; the hub's log, the event log and the administrator's page say it."""
    good = hub.fact("configuration.loaded")
    break_(hub, "lifetimes")
    hub.wait("fact", lambda: errors(hub))
    assert hub.fact("configuration.loaded")["digest"] == good["digest"]
    assert offered(ann) == ["local/One/machine", "local/Two/machine"]
    assert post(hub, "ann", "local/Two/machine").status_code in (201, 202)
    hub.wait("server", lambda: hub.ready("ann"))
    hub.stop_server("ann")

    assert "lifetimes" in page(root).find(id="refused-errors").find_parent("table").text
    assert hub.log.count("$[1].lifetimes") == 1

    hub.offers([local("One"), local("Three")])
    assert page(root).find(id="refused") is None
    assert offered(ann) == ["local/One/machine", "local/Three/machine"]
    hub.wait("fact", lambda: not errors(hub))


def test_a_provider_that_left_gives_back(hub):
    """The notebook runs on, its end is told, and nothing is held afterwards."""
    told = hub.launch("ann", offer="local/One/machine")
    hub.offers([local("One", providers=["elsewhere"])])
    hub.api("POST", "users/bob")
    assert post(hub, "bob", "local/One/machine").status_code == 400
    assert hub.ready("ann")
    assert hub.told("ann")["env"]["JUPYTERHUB_USER"] == told["env"]["JUPYTERHUB_USER"]
    hub.stop_server("ann")
    hub.wait("release", hub.nothing_is_held)


def test_the_page_is_for_administrators(hub, ann):
    """Whoever may not see the hub's admin page may not see ours; nobody is asked to log in first."""
    for session, status in ((ann.session, 403), (requests.Session(), 200)):
        answer = session.get(f"{hub.url}/hub/multiplespawner", timeout=LIMIT)
        assert answer.status_code == status
        assert BeautifulSoup(answer.text, "html.parser").find(id="multiplespawner") is None


def test_the_page_shows_files_as_text(hub, root):
    """Markup of a mistake and of an offer's name is shown, not made."""
    hub.offers([local("One", display_name=MARKUP)])
    assert MARKUP in page(root).find(id="offers").find_parent("table").text
    break_(hub, MARKUP)
    hub.wait("fact", lambda: errors(hub))
    found = page(root)
    assert MARKUP in found.find(id="refused-errors").find_parent("table").text
    assert found.find("script") is None


def test_the_page_shows_what_is_held(hub, root):
    """A resource with its session, and since when the configuration is in force."""
    hub.launch("ann", offer="local/One/machine")
    found = page(root)
    row = found.find(id="held").find_parent("table").tbody.find("tr")
    assert "local/One/machine" in row.text
    assert found.find("time")
    assert json.dumps(hub.fact("configuration.loaded")["digest"])[1:-1] in found.text
    hub.stop_server("ann")
