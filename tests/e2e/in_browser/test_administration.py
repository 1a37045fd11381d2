"""The administrator's page, in a browser."""

import json
import re

import pytest
from playwright.sync_api import expect

from e2e.hubs import local, real_hub


@pytest.fixture(scope="module")
def hub(proxy, tmp_path_factory):
    """A hub with one administrator."""
    config = "c.Authenticator.admin_users = {'ada'}"
    with real_hub(
        tmp_path_factory.mktemp("hub"), proxy, offers=([local("A"), local("B")],), config=config
    ) as started:
        yield started


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_refused_edit_is_told_to_the_administrator(hub, visit, scheme):
    """Above the form, and with every word on a page of its own, which nobody is kept from reading."""
    ada = visit(hub, "ada", color_scheme=scheme)
    good = (hub.folder / "ms" / "spawner_templates.json").read_text()
    (hub.folder / "ms" / "spawner_templates.json").write_text(json.dumps([{"name": "<b>wrong</b>"}]))
    notice = ada.page.get_by_role("link", name=re.compile("wrong"))
    hub.wait("notice", lambda: ada.goto("spawn") or notice.count())
    assert ada.serious_faults() == []
    notice.click()
    expect(ada.page.get_by_text("spawner_templates.json").first).to_be_visible()
    ada.picture(f"administration-{scheme}")
    assert ada.serious_faults() == []
    (hub.folder / "ms" / "spawner_templates.json").write_text(good)
