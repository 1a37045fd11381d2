"""The page on which people choose: search, filters, links, mistakes, all sorts of eyes and hands."""

import re

import pytest
from playwright.sync_api import expect

from e2e.hubs import local, real_hub
from e2e.in_browser.hubs import HARDWARE, OPTIONS

MARKUP = "<img src=x onerror=document.title='owned'> \"GPU\" & 'co'"
RIGHT_TO_LEFT = "דפדפן 🧪 مختبر"
NARROW = {"width": 320, "height": 640}


@pytest.fixture(scope="module")
def hub(proxy, tmp_path_factory):
    """A hub with a dozen offers of all sorts, one of them for a group only."""
    rich = local(
        "Rich",
        display_name="GPU notebook",
        description="Four processors and a big screen.",
        hardware=HARDWARE,
        lifetime={"default": 60, "maximum": 120},
        options=OPTIONS,
    )
    sizes = local(
        "Sizes",
        display_name="By size",
        flavors=[{"name": "small", "cpu": 1, "memory": 2}, {"name": "large", "cpu": 8, "memory": 64}],
    )
    secret = local("Secret", display_name="Secret", allowed_groups=["staff"])
    odd = [local("Markup", display_name=MARKUP), local("Letters", display_name=RIGHT_TO_LEFT)]
    many = [local(f"Plain {number}") for number in range(8)]
    offers = ([rich, sizes, secret, *odd, *many],)
    with real_hub(tmp_path_factory.mktemp("hub"), proxy, offers=offers) as started:
        yield started


def test_searching_leaves_what_fits(hub, visit):
    """Words of name and description count; how many are left is told."""
    ann = visit(hub, "ann")
    ann.goto("spawn")
    expect(ann.page.get_by_role("radio")).to_have_count(12)
    ann.picture("spawn")
    ann.page.get_by_role("searchbox").fill("big screen")
    expect(ann.page.get_by_role("radio")).to_have_count(1)
    expect(ann.page.get_by_role("status").filter(has_text="1")).to_be_visible()
    ann.page.get_by_role("searchbox").fill("nothing of this kind")
    expect(ann.page.get_by_role("radio")).to_have_count(0)


def test_a_link_preselects_and_fills(hub, visit):
    """Nothing is started: the form waits with the link's offer and values."""
    bob = visit(hub, "bob")
    bob.goto("spawn?offer=local/Rich/machine&hardware.cpu=2&options.word=hello")
    expect(bob.page.get_by_role("radio", name="GPU notebook")).to_be_checked()
    expect(bob.page.get_by_label("Processors").locator("visible=true")).to_have_value("2")
    expect(bob.page.get_by_label("Magic word").locator("visible=true")).to_have_value("hello")
    assert hub.starts == 0


def test_a_mistake_comes_back_at_its_field(hub, visit):
    """The browser is passed over: the server's words stand at the field, and the entries are kept."""
    cleo = visit(hub, "cleo")
    page = cleo.page
    cleo.goto("spawn")
    cleo.pick("GPU notebook")
    page.evaluate("document.getElementById('spawn_form').noValidate = true")
    word = page.get_by_label("Magic word").locator("visible=true")
    word.fill("LOUD")
    page.get_by_label("Processors").locator("visible=true").fill("99")
    cleo.start()
    expect(word).to_have_value("LOUD")
    expect(word).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Processors").locator("visible=true")).to_have_attribute("aria-invalid", "true")
    cleo.picture("spawn-mistakes")
    assert cleo.serious_faults() == []
    assert hub.starts == 0


def test_names_are_text_whatever_they_hold(hub, visit):
    """No markup of a name becomes part of the page."""
    dora = visit(hub, "dora")
    dora.goto("spawn")
    expect(dora.page.get_by_role("radio", name=MARKUP)).to_be_visible()
    expect(dora.page.get_by_role("radio", name=RIGHT_TO_LEFT)).to_be_visible()
    assert "owned" not in dora.page.title()
    expect(dora.page.get_by_text("Secret")).to_have_count(0)


@pytest.mark.parametrize("window", [{}, {"color_scheme": "dark"}, {"viewport": NARROW}], ids=str)
def test_nobody_is_kept_out(hub, visit, window):
    """Axe finds no serious fault, in light and dark, and nothing is wider than a small screen."""
    erin = visit(hub, "erin", **window)
    erin.goto("spawn")
    erin.pick("GPU notebook")
    erin.picture(f"spawn-{'-'.join(window) or 'light'}")
    assert erin.serious_faults() == []
    assert erin.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_the_keyboard_suffices(hub, visit):
    """Arrows choose an offer, and Enter starts it."""
    finn = visit(hub, "finn")
    finn.goto("spawn")
    finn.page.get_by_role("radio").first.focus()
    finn.page.keyboard.press("ArrowDown")
    finn.page.keyboard.press("ArrowUp")
    finn.page.get_by_role("radio", name=re.compile("Plain 3")).focus()
    finn.page.keyboard.press("Space")
    finn.page.keyboard.press("Enter")
    finn.arrive()
