"""Watching a start: reload, restart of the hub, failure, calling it off."""

import re

import pytest
from playwright.sync_api import expect

from e2e.gated_spawners import MARKUP
from e2e.hubs import real_hub
from e2e.in_browser.hubs import close_gate, gated, last_is_given_back, open_gate


@pytest.fixture(scope="module")
def gate(tmp_path_factory):
    """Folder of the files that let starts go on."""
    return tmp_path_factory.mktemp("gate")


@pytest.fixture(scope="module")
def hub(proxy, gate, tmp_path_factory):
    """A hub whose starts wait for the test."""
    offers = ([gated(gate, "Slow"), gated(gate, "Other")],)
    with real_hub(tmp_path_factory.mktemp("hub"), proxy, offers=offers) as started:
        yield started


@pytest.fixture
def waiting(hub, gate, visit, request):
    """Somebody of this test's name whose start waits."""
    name = request.node.name.removeprefix("test_")[:20].replace("_", "-").strip("-")
    close_gate(gate, name)
    somebody = visit(hub, name)
    somebody.goto("spawn")
    somebody.pick("Slow")
    somebody.start()
    expect(somebody.step("Starting the notebook")).to_be_visible()
    return somebody


def test_what_the_inner_spawner_says_is_shown(gate, waiting):
    """Its messages are woven in; text stays text."""
    expect(waiting.page.get_by_text(f"Waiting {MARKUP}")).to_be_attached()
    waiting.picture("progress")
    assert waiting.serious_faults() == []
    open_gate(gate, waiting.name)
    waiting.arrive()


def test_reloading_loses_nothing(gate, waiting):
    """The same steps stand there again, and the end is reached."""
    waiting.page.reload()
    expect(waiting.step("Starting the notebook")).to_be_visible()
    open_gate(gate, waiting.name)
    waiting.arrive()


def test_a_failure_says_what_to_do(gate, waiting):
    """In the inner spawner's words for the user, with a code, and a form that has the same choice."""
    open_gate(gate, waiting.name, "fail")
    page = waiting.page
    expect(page.get_by_text("The coffee machine is <b>empty</b>.")).to_be_visible()
    expect(page.get_by_text("inner_refused")).to_be_visible()
    waiting.picture("failed")
    assert waiting.serious_faults() == []
    page.get_by_role("link", name=re.compile("again|choice", re.IGNORECASE)).click()
    expect(page.get_by_role("radio", name="Slow")).to_be_checked()


def test_calling_it_off(hub, waiting):
    """The button leads back to the choice, and nothing is held."""
    waiting.page.get_by_role("button", name="Cancel").click()
    waiting.page.wait_for_url(re.compile("/hub/spawn/"))
    waiting.picture("cancelled")
    assert waiting.serious_faults() == []
    hub.wait("release", lambda: last_is_given_back(hub))


def test_a_restarted_hub_tells_what_became_of_the_start(hub, gate, waiting):
    """The page notices that the hub is away, finds it again, and says that the start was interrupted."""
    hub.kill()
    expect(waiting.page.get_by_text(re.compile("connection", re.IGNORECASE))).to_be_visible()
    hub.start()
    expect(waiting.page.get_by_text(re.compile("interrupted", re.IGNORECASE)).first).to_be_visible()
    waiting.picture("interrupted")
    assert waiting.serious_faults() == []
    hub.wait("release", lambda: last_is_given_back(hub))
    waiting.page.get_by_role("link", name=re.compile("again|choice", re.IGNORECASE)).click()
    open_gate(gate, waiting.name)
    waiting.start()
    waiting.arrive()
