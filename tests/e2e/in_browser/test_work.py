"""A scientist's day: choose, start, watch, compute, stop, start again with one click."""

import re

import pytest
from playwright.sync_api import Page, expect

from e2e.hubs import local, real_hub
from e2e.in_browser.hubs import laboratory


@pytest.fixture(scope="module")
def hub(proxy, tmp_path_factory):
    """A hub that offers a real JupyterLab among others."""
    lab = laboratory(lifetime={"default": 60, "maximum": 480})
    with real_hub(tmp_path_factory.mktemp("hub"), proxy, offers=([lab, local("Other")],)) as started:
        yield started


def test_somebody_computes_stops_and_comes_back_with_one_click(hub, visit):
    """What was chosen runs, a cell computes, and the next start needs no second choice."""
    ann = visit(hub, "ann")
    ann.goto("spawn")
    ann.pick("Laboratory")
    ann.page.get_by_label(re.compile("minutes", re.IGNORECASE)).locator("visible=true").fill("30")
    ann.start()
    expect(ann.step("Waiting until the notebook answers")).to_be_visible()
    ann.arrive()
    assert run_cell(ann.page, "6 * 7") == "42"
    assert hub.fact("session.requested")["selection"]["lifetime"] == 30

    ann.goto("home")
    ann.page.get_by_role("button", name="Stop My Server").click()
    hub.wait("stop", lambda: not hub.ready("ann") and hub.nothing_is_held())

    ann.goto("spawn")
    ann.page.get_by_role("button", name=re.compile("again")).click()
    ann.arrive()
    assert hub.starts == 2
    assert hub.fact("session.requested")["selection"]["lifetime"] == 30


def run_cell(page: Page, code: str) -> str:
    """What a new notebook's first cell answers."""
    page.locator('.jp-LauncherCard[data-category="Notebook"]').first.click()
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
    page.locator(".jp-Notebook .jp-Cell .cm-content").first.click()
    page.keyboard.type(code)
    page.keyboard.press("Shift+Enter")
    answer = page.locator(".jp-OutputArea-output").first
    answer.wait_for()
    return answer.inner_text().strip()
