"""Filters by type and provider, on a form alone: the only provider that is built in has one type."""

from typing import Any

from attrs import evolve
from playwright.async_api import async_playwright, expect

from e2e.in_browser.conftest import QUIET
from multiplespawner.adapters.inbound.hub import forms
from offer_pages import PLAIN, House, forms_for

PLACES = [
    ("bare_metal", "local"),
    ("container", "docker"),
    ("container", "cloud"),
    ("virtual_machine", "cloud"),
]
OFFERS = tuple(
    evolve(PLAIN, id=f"{provider}/T/{number}", name=f"{kind} {number}", type=kind, provider=provider)
    for number, (kind, provider) in enumerate(PLACES * 3)
)


async def test_filters_narrow_together_with_the_search(program: str, monkeypatch: Any) -> None:
    """What is shown fits all of them, and how many it are is told."""

    async def house_of(_: Any) -> Any:
        return House(OFFERS)

    monkeypatch.setattr(forms, "house_of", house_of)
    page_of_form = f"<form id=spawn_form>{await forms_for().page()}</form>"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=QUIET)
        page = await browser.new_page()
        await page.set_content(page_of_form)
        radios = page.get_by_role("radio")
        await expect(radios).to_have_count(12)
        await page.get_by_label("Type").select_option("container")
        await expect(radios).to_have_count(6)
        await page.get_by_label("Provider").select_option("cloud")
        await expect(radios).to_have_count(3)
        await page.get_by_role("searchbox").fill("10")
        await expect(radios).to_have_count(1)
        await expect(page.get_by_role("status")).to_have_text("1 of 12 offers")
        await browser.close()
