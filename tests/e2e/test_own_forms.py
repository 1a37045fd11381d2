"""A spawner class of the administrator's, with a form of its own that is not always there."""

import pytest
from bs4 import BeautifulSoup

from e2e.browsers import Browser
from e2e.hubs import local, real_hub

CONFIG = """
from pathlib import Path
from multiplespawner import MultipleSpawner

def form_of(spawner):
    if not Path("no-form").exists():
        return '<input id="own" name="offer" value="Large: machine">'

class Mine(MultipleSpawner):
    pass

c.JupyterHub.spawner_class = Mine
c.Mine.options_form = form_of
"""


@pytest.fixture(scope="module")
def hub(proxy, tmp_path_factory):
    """A hub with two offers."""
    offers = ([local("Small"), local("Large")],)
    with real_hub(tmp_path_factory.mktemp("hub"), proxy, offers=offers, config=CONFIG) as started:
        yield started


def visitor(hub, user):
    """Somebody's browser."""
    browser = Browser(hub)
    browser.login(user)
    return browser


def test_the_own_form_is_shown_and_read(hub):
    """Its fields mean what ours mean."""
    ann = visitor(hub, "ann")
    page = ann.get("spawn")
    assert page.find(id="own") is not None
    assert ann.fill(page).ok
    hub.wait("server", lambda: hub.ready("ann"))
    assert hub.fact("session.requested")["selection"]["offer"] == "local/Large/machine"
    hub.stop_server("ann")


@pytest.mark.parametrize("there", [True, False])
def test_what_is_refused_is_told_above_it(hub, there):
    """Also where there is no form any more."""
    bob = visitor(hub, "bob")
    page = bob.get("spawn")
    if not there:
        (hub.folder / "no-form").touch()
    answer = bob.fill(page, offer="nowhere")
    assert answer.status_code == 400
    assert "nowhere" in BeautifulSoup(answer.text, "html.parser").find(class_="spawn-error-msg").text
