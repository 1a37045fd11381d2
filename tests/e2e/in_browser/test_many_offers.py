"""Five hundred offers on one page."""

import pytest
from playwright.sync_api import expect

from e2e.hubs import local, real_hub
from e2e.in_browser.hubs import HARDWARE

MANY = 500


@pytest.fixture(scope="module")
def hub(proxy, tmp_path_factory):
    """A hub with very many offers."""
    entries = [{"name": f"number {number}", "provider": "local"} for number in range(MANY)]
    offers = [local("Offer", hardware=HARDWARE)], {"bare_metal": entries}
    with real_hub(tmp_path_factory.mktemp("hub"), proxy, offers=offers) as started:
        yield started


def test_one_of_very_many_is_found_and_started(hub, visit):
    """A search finds it, and the fields of the others are in nobody's way."""
    ann = visit(hub, "ann")
    ann.goto("spawn")
    expect(ann.page.get_by_role("radio")).to_have_count(MANY)
    ann.page.get_by_role("searchbox").fill("number 321")
    expect(ann.page.get_by_role("radio")).to_have_count(1)
    ann.page.get_by_role("radio").check()
    ann.page.get_by_label("Processors").locator("visible=true").fill("2")
    ann.start()
    ann.arrive()
    assert hub.fact("session.requested")["selection"]["offer"] == "local/Offer/number 321"
