"""The administrator's page shows what stands in files and log as text, in tables that can be read aloud."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import get_ident
from typing import Any

import pytest
from bs4 import BeautifulSoup
from jinja2 import Environment, FileSystemLoader
from jupyterhub._data import DATA_FILES_PATH

from multiplespawner.adapters.inbound.hub.pages.overview import Held, Holdings
from multiplespawner.adapters.inbound.hub.pages.rendering import Rendered, with_ours
from multiplespawner.application.ports.configuration import Configuration, Problem, Recipe, Severity
from multiplespawner.application.ports.provider import Availability
from multiplespawner.domain.offers import Offer, words
from multiplespawner.domain.resource import Resource, ResourcePhase
from multiplespawner.domain.session import Session, SessionPhase
from multiplespawner.domain.values import Retry, Selection
from multiplespawner.domain.world import World

MARKUP = "<script>alert(1)</script> & \"'><b>x</b> \u202e\U0001f469"
NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


def problem(severity: Severity, said: str = MARKUP) -> Problem:
    """Something is wrong with what was said."""
    return Problem(
        severity, "/etc/t.json", 7, (0, "spawner", said), f"found {said}", f"expected {said}", said
    )


def offer(name: str = MARKUP) -> Offer:
    """An offer with a name."""
    return Offer(
        id=f"local/T/{name}", name=name, type="bare_metal", provider="local", template="T", entry="m",
        groups=(name,),
    )  # fmt: skip


def said(digest: str = "d" * 64, *problems: Problem, **more: Any) -> Configuration:
    """A configuration."""
    return Configuration(digest, ("/etc/t.json", "/etc/d.json"), problems, **more)


SOUND = said(recipes=(Recipe(offer(), "a.Spawner", {}),))
RUNNING = Held(
    "a" * 32,
    "local",
    World(
        "a" * 32,
        "b" * 32,
        resource=Resource(ResourcePhase.PROVISIONED, type="bare_metal"),
        session=Session(SessionPhase.RUNNING, selection=Selection(MARKUP)),
    ),
)
STUCK = Held(
    "c" * 32,
    MARKUP,
    World("c" * 32, resource=Resource(ResourcePhase.RELEASING, release_retry=Retry(4, NOON))),
)
NOTHING = Holdings(NOON, None, 0, ())


async def page(current: Configuration = SOUND, **more: Any) -> BeautifulSoup:
    """The page as the hub would show it."""
    handler = Rendered()
    handler.settings = {"jinja2_env": environment(enable_async=True), "jinja2_env_sync": environment()}
    available = {offer.id: Availability() for offer in current.offers}
    filled = {"current": current, "refused": None, "available": available, "holdings": NOTHING, **more}
    overview = await handler.render_apart("multiplespawner/overview.html", words=words, **filled)
    html = await handler.get_template("multiplespawner/administration.html").render_async(
        static_url=lambda path, **_: path, base_url="/hub/", overview=overview
    )
    return BeautifulSoup(html, "html.parser")


def environment(**more: Any) -> Environment:
    """The hub's, without its escaping."""
    return Environment(loader=FileSystemLoader(Path(DATA_FILES_PATH) / "templates"), autoescape=False, **more)


def rows(found: BeautifulSoup, id_: str) -> list[list[str]]:
    """Cells of the table with this caption."""
    body = found.find(id=id_).find_parent("table").tbody
    return [[" ".join(cell.text.split()) for cell in row.select("th, td")] for row in body.find_all("tr")]


async def test_a_sound_configuration() -> None:
    """Files, digest, since when, offers with their audience, and nothing that alarms."""
    found = await page()
    main = found.find("main")
    assert not main.select(".alert")
    assert {"/etc/t.json", "/etc/d.json", SOUND.digest} <= {each.text.strip() for each in main.find_all("dd")}
    assert main.find("time")["datetime"] == NOON.isoformat()
    assert rows(found, "offers") == [
        [f"local/T/{MARKUP}", MARKUP, "", "until it is stopped", f"groups {MARKUP}", "not known"]
    ]


@pytest.mark.parametrize(
    ("available", "told"),
    [
        (Availability(3), "3"),
        (Availability(0), "none"),
        (Availability(0, timedelta(seconds=61)), "none, one in 2 minutes"),
    ],
)
async def test_what_is_free_now(available: Availability, told: str) -> None:
    """A number, or how long until there is one."""
    found = await page(available={SOUND.offers[0].id: available})
    assert rows(found, "offers")[0][-1] == told


async def test_a_refused_edit_is_told_with_all_that_is_wrong() -> None:
    """File, line, path, what was found and expected, what to do; errors and warnings apart."""
    refused = said(
        "e" * 64, problem(Severity.ERROR), problem(Severity.ERROR, "no"), problem(Severity.WARNING)
    )
    found = await page(refused=refused)
    assert "2 errors" in found.find(id="refused").text
    first = refused.problems[0]
    assert rows(found, "refused-errors")[0] == [
        f"/etc/t.json:7 {first.path}", first.found, first.expected, first.suggestion
    ]  # fmt: skip
    assert len(rows(found, "refused-errors")) == 2
    assert len(rows(found, "refused-warnings")) == 1
    assert SOUND.digest in found.text
    assert refused.digest not in found.text


async def test_errors_of_the_start_are_told() -> None:
    """What is sound in it is offered."""
    found = await page(said("f" * 64, problem(Severity.ERROR), problem(Severity.WARNING)))
    assert "1 error " in found.find(id="errors").text
    assert len(rows(found, "current-errors")) == len(rows(found, "current-warnings")) == 1
    assert "Nothing is offered" in found.text


async def test_what_is_held() -> None:
    """Resources with their sessions, and those that could not be given back, with the next attempt."""
    unreadable = Held("d" * 32, "local", None)
    found = await page(holdings=Holdings(NOON, None, 500, (RUNNING, STUCK, unreadable)))
    assert [row[0] for row in rows(found, "held")] == [RUNNING.resource, STUCK.resource, unreadable.resource]
    assert rows(found, "held")[0] == [
        RUNNING.resource, "local", "bare metal", "provisioned", RUNNING.world.session_id, MARKUP
    ]  # fmt: skip
    (failed,) = rows(found, "failed")
    assert failed[:2] + failed[3:4] == [STUCK.resource, MARKUP, "4"]
    assert "500 resources held, 1 session running" in " ".join(found.text.split())


async def test_a_log_in_doubt_and_one_that_is_away() -> None:
    """Each says what follows from it."""
    doubted = await page(holdings=Holdings(None, MARKUP, 0, ()))
    assert MARKUP in doubted.find(id="doubt").text
    assert "not recorded" in doubted.text
    away = await page(holdings=None)
    assert away.find(id="unreadable")
    assert not away.find(id="held")


async def test_nothing_becomes_markup() -> None:
    """Though the hub's own templates might not be escaped, everything of ours is."""
    found = await page(
        refused=said("e" * 64, problem(Severity.ERROR)),
        holdings=Holdings(NOON, MARKUP, 2, (RUNNING, STUCK)),
    )
    main = found.find("main")
    assert main.find("script") is None
    assert main.find("b") is None


async def test_tables_can_be_read_aloud() -> None:
    """Each has a caption and headers with a scope; headings leave out no level."""
    found = await page(
        refused=said("e" * 64, problem(Severity.ERROR)), holdings=Holdings(NOON, None, 2, (RUNNING, STUCK))
    )
    tables = found.find("main").find_all("table")
    assert len(tables) == 4
    for table in tables:
        assert table.caption.text.strip()
        assert {header["scope"] for header in table.thead.find_all("th")} == {"col"}
        assert {row.find("th")["scope"] for row in table.tbody.find_all("tr")} == {"row"}
    assert [heading.name for heading in found.find("main").find_all(["h1", "h2", "h3"])] == ["h1"] + [
        "h2"
    ] * 4


@pytest.mark.parametrize("name", ["multiplespawner/administration.html", "home.html"])
def test_an_administrator_can_put_templates_in_place_of_ours(tmp_path: Path, name: str) -> None:
    """Below the hub's template_paths, as for its own."""
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("of this house")
    assert with_ours(Environment(loader=FileSystemLoader(tmp_path))).get_template(name).render() == (
        "of this house"
    )


async def test_the_tables_are_not_filled_in_by_the_event_loop() -> None:
    """With hundreds of offers that takes longer than the hub's other work may wait."""
    threads = []

    class Noted(Configuration):
        """A configuration that notes who reads it."""

        @property
        def warnings(self) -> tuple[Problem, ...]:
            """None."""
            threads.append(get_ident())
            return ()

    await page(Noted("d" * 64, ()))
    assert threads
    assert get_ident() not in threads
