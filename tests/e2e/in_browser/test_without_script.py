"""Everything works where a browser runs no scripts."""

import re

import pytest
from playwright.sync_api import expect

from e2e.hubs import local, real_hub
from e2e.in_browser.hubs import HARDWARE, OPTIONS, close_gate, gated, last_is_given_back, open_gate


@pytest.fixture(scope="module")
def gate(tmp_path_factory):
    """Folder of the files that let starts go on."""
    return tmp_path_factory.mktemp("gate")


@pytest.fixture(scope="module")
def hub(proxy, gate, tmp_path_factory):
    """A hub with an offer that waits and one that does not."""
    rich = gated(gate, "Rich", hardware=HARDWARE, lifetime={"default": 60, "maximum": 120}, options=OPTIONS)
    with real_hub(tmp_path_factory.mktemp("hub"), proxy, offers=([rich, local("Plain")],)) as started:
        yield started


@pytest.fixture
def visitor(hub, visit, request):
    """Somebody of this test's name whose browser runs no scripts."""
    name = request.node.name.removeprefix("test_")[:20].replace("_", "-").strip("-")
    return visit(hub, name, java_script_enabled=False)


def test_choosing_watching_and_arriving(hub, gate, visitor):
    """The form is sent, the page of the progress renews itself, and in the end there is the notebook."""
    page = visitor.page
    visitor.goto("spawn")
    visitor.pick("Rich")
    page.get_by_label("Processors").locator("visible=true").fill("2")
    page.get_by_label("Magic word").locator("visible=true").fill("now")
    visitor.start()
    expect(visitor.step("Starting the notebook")).to_be_visible()
    visitor.picture("progress-without-script")
    open_gate(gate, visitor.name)
    visitor.arrive()
    selection = hub.fact("session.requested")["selection"]
    assert selection["hardware"]["cpu"] == 2
    assert dict(selection["options"])["word"] == "now"


def test_mistakes_come_back_at_their_field(hub, visitor):
    """With what was typed kept, beside the words that say what is wrong."""
    page = visitor.page
    visitor.goto("spawn")
    visitor.pick("Rich")
    before = hub.starts
    word = page.get_by_label("Magic word").locator("visible=true")
    word.fill("NOW!")
    page.get_by_label("Processors").locator("visible=true").fill("99")
    visitor.start()
    expect(word).to_have_value("NOW!")
    expect(word).to_have_attribute("aria-invalid", "true")
    visitor.picture("spawn-mistakes-without-script")
    assert hub.starts == before


def test_calling_a_start_off(hub, gate, visitor):
    """A button ends it at once and leads back to the choice."""
    page = visitor.page
    close_gate(gate, visitor.name)
    visitor.goto("spawn")
    visitor.pick("Rich")
    visitor.start()
    page.get_by_role("button", name="Cancel").click()
    page.wait_for_url(re.compile("/hub/spawn/"))
    expect(page.get_by_role("radio", name="Rich")).to_be_checked()
    hub.wait("release", lambda: last_is_given_back(hub))


def test_starting_the_last_again(hub, visitor):
    """One button starts what was chosen the last time."""
    visitor.goto("spawn")
    visitor.pick("Plain")
    visitor.start()
    visitor.arrive()
    hub.stop_server(visitor.name)
    visitor.goto("spawn")
    visitor.page.get_by_role("button", name=re.compile("again")).click()
    visitor.arrive()
    assert hub.fact("session.requested")["selection"]["offer"] == "local/Plain/machine"
