"""The form as a page: cards, what is filled in, what is wrong, what was last."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from jupyterhub.spawner import SpawnException

from multiplespawner.adapters.inbound.hub import spawn_form
from multiplespawner.application.ports.provider import Availability
from multiplespawner.domain import offers as o
from offer_pages import PLAIN, RICH, asked, chosen, control, one, sent, soup

LAST = {"offer": RICH.id, "hardware": {"cpu": 2}, "lifetime": 90, "options": {"word": "abc", "fast": False}}
MANY = [evolve(PLAIN, id=f"local/T/{n}", entry=str(n), name=f"Offer {n}") for n in range(500)]


async def test_a_card_tells_an_offer_at_a_glance(form: Any) -> None:
    """Name, hardware and end of whoever says nothing, description, type, provider, and whether it is free."""
    free = {RICH.id: Availability(3)}
    page = soup(await form(RICH, PLAIN, free=free).page())
    card = one(page, attrs={"data-offer": RICH.id})
    about = one(card, id=one(card, "input", {"name": "offer"})["aria-describedby"])
    said = re.sub(r"\s+", " ", about.text)
    assert "4 CPU · 16 GiB · until 18:00 UTC" in said
    assert "For everyday work." in said
    assert "bare metal · local" in said
    assert "3 free" in one(card, class_="ms-name").text
    assert "free" not in one(page, attrs={"data-offer": PLAIN.id}).text
    time = one(about, "time")
    assert (time["datetime"], time["data-minutes"]) == ("2026-11-25T18:00Z", "60")


async def test_every_field_has_its_label_and_its_help(form: Any) -> None:
    """Labels belong to controls, and what describes them is on the page once."""
    page = soup(await form(RICH, PLAIN).page())
    ids = [str(tag["id"]) for tag in page.find_all(id=True)]
    assert len(ids) == len(set(ids))
    shown = list(page.find_all(["input", "select"], attrs={"id": True}))
    assert {str(label["for"]) for label in page.find_all("label")} == {str(tag["id"]) for tag in shown}
    for tag in shown:
        assert set(str(tag.get("aria-describedby", "")).split()) <= set(ids)
    assert all(fieldset.legend is not None for fieldset in page.find_all("fieldset"))


async def test_nothing_invisible_can_keep_the_form_from_being_sent(form: Any) -> None:
    """The browser judges nothing: fields of other offers may hold anything."""
    page = soup(await form(RICH, PLAIN).page())
    for tag in page.find_all(["input", "select"]):
        assert not {"required", "min", "max", "step", "pattern", "minlength"} & set(tag.attrs)
        assert tag.get("type", "text") in ("text", "hidden", "checkbox", "radio", "search")


async def test_enter_in_a_field_means_the_chosen_offer(form: Any) -> None:
    """A browser presses the form's first button: that must not be the one that starts the last again."""
    page = soup(await form(RICH, PLAIN, remembered=LAST).page())
    first, *others = page.find_all("button", {"type": "submit"})
    assert not first.get("name")
    assert [button["name"] for button in others] == ["start-again"]


async def test_the_first_offer_is_chosen_where_nothing_is_remembered(form: Any) -> None:
    """With its defaults in its fields, and no button to start again."""
    page = soup(await form(RICH, PLAIN).page())
    assert chosen(page) == [RICH.id]
    assert control(page, "hardware.cpu")["value"] == "4"
    assert page.find("button", {"name": "start-again"}) is None


async def test_what_is_remembered_is_chosen_and_filled_in(form: Any) -> None:
    """Also after a start that failed."""
    page = soup(await form(PLAIN, RICH, remembered=LAST).page())
    assert chosen(page) == [RICH.id]
    filled = {name: control(page, name)["value"] for name in ("hardware.cpu", "lifetime", "options.word")}
    assert filled == {"hardware.cpu": "2", "lifetime": "90", "options.word": "abc"}
    assert not control(page, "options.fast").has_attr("checked")


async def test_one_button_says_what_it_starts_again(form: Any) -> None:
    """In the words of the choice, with the options that are not as they would be anyway."""
    page = soup(await form(PLAIN, RICH, remembered=LAST).page())
    said = re.sub(r"\s+", " ", one(page, "button", {"name": "start-again"}).text)
    assert "Rich · 2 CPU · 16 GiB · until 18:30 UTC" in said
    assert "Magic word: abc" in said
    assert "Colour" not in said


async def test_starting_again_sends_what_is_remembered(form: Any) -> None:
    """The request is ours, with the inner spawner's part, whatever else the form holds."""
    open_offer = evolve(RICH, inner_options=True)
    last = {**LAST, "image": "own/image", "file": {"body": b"1"}}
    made = form(open_offer, PLAIN, remembered=last)
    mark = one(soup(await made.page()), "button", {"name": "start-again"})["value"]
    fields = {"offer": [PLAIN.id], "start-again": [mark], "image": ["evil"]}
    assert await made.read(fields) == last


async def test_what_is_not_allowed_any_more_is_not_offered_again(form: Any) -> None:
    """Its offer is chosen with its defaults; a page that still had the button is refused."""
    made = form(PLAIN, RICH, remembered={**LAST, "lifetime": 481})
    page = soup(await made.page())
    assert page.find("button", {"name": "start-again"}) is None
    assert chosen(page) == [RICH.id]
    assert control(page, "hardware.cpu")["value"] == "4"
    assert not page.find_all(id="ms-errors")


async def test_a_button_of_an_old_page_starts_nothing_else(form: Any) -> None:
    """What it says is what it starts: another choice has been made since."""
    old = one(soup(await form(PLAIN, RICH, remembered=LAST).page()), "button", {"name": "start-again"})
    handler = sent({"start-again": old["value"], "offer": PLAIN.id})
    made = form(PLAIN, RICH, remembered={"offer": PLAIN.id}, handler=handler)
    with pytest.raises(SpawnException) as caught:
        await made.read({"start-again": [old["value"]]})
    assert caught.value.reason == "last_has_changed"
    assert one(soup(await made.page()), id="ms-errors").li is not None


async def test_each_mistake_stands_at_its_field(form: Any) -> None:
    """Entries are kept; the summary leads to the fields in their order, in the form's own words."""
    fields = {"hardware.cpu": "99", "lifetime": "soon", "options.word": "LOUD", "options.fast": "false"}
    handler = sent({"offer": RICH.id, **{f"{name}:{RICH.id}": text for name, text in fields.items()}})
    page = soup(await form(PLAIN, RICH, handler=handler).page())
    assert chosen(page) == [RICH.id]
    links = one(page, id="ms-errors").find_all("a")
    wrong = ("hardware.cpu", "lifetime", "options.word")
    assert [link["href"] for link in links] == [f"#{control(page, name)['id']}" for name in wrong]
    assert [link.text.split()[0] for link in links] == ["Processors", "Lifetime", "Magic"]
    for name, link in zip(wrong, links, strict=True):
        field = control(page, name)
        assert (field["value"], field["aria-invalid"]) == (fields[name], "true")
        error, *_ = str(field["aria-describedby"]).split()
        assert one(page, id=error).text == link.text
    assert not control(page, "options.fast").has_attr("checked")
    assert not control(page, "hardware.memory").has_attr("aria-invalid")


async def test_what_no_field_is_for_is_said_on_top(form: Any) -> None:
    """A key that the offer doesn't take has no place in the form."""
    page = soup(await form(PLAIN, RICH, handler=sent({"offer": PLAIN.id, "cmd": "/bin/sh"})).page())
    item = one(one(page, id="ms-errors"), "li")
    assert "cmd" in item.text
    assert item.a is None


@pytest.mark.parametrize("offer", ["nowhere", "<b onclick='x'>", "local/Secret/machine", ""])
async def test_an_offer_that_is_not_there_chooses_no_other(form: Any, offer: str) -> None:
    """The summary leads to the offers, none of which is chosen."""
    page = soup(await form(PLAIN, RICH, handler=sent({"offer": offer})).page())
    assert chosen(page) == []
    link = one(one(page, id="ms-errors"), "a")
    assert one(page, id=str(link["href"])[1:])["name"] == "offer"
    assert page.find("b", onclick=True) is None


async def test_a_link_chooses_and_fills(form: Any) -> None:
    """By the names that a query and a body have, without the offer's id."""
    handler = asked("offer=Rich&hardware.cpu=2&options.fast=false&next=/user/ada/lab")
    page = soup(await form(PLAIN, RICH, handler=handler).page())
    assert chosen(page) == [RICH.id]
    assert control(page, "hardware.cpu")["value"] == "2"
    assert not control(page, "options.fast").has_attr("checked")
    assert not page.find_all(id="ms-errors")


async def test_a_link_is_not_blamed_for_what_it_leaves_open(form: Any) -> None:
    """What must be given can still be given; what is wrong is said at once."""
    needed = o.ChoiceOption(name="course", choices=("algebra", "physics"))
    offer = evolve(RICH, options=(needed,))
    assert not soup(await form(PLAIN, offer, handler=asked("offer=Rich")).page()).find_all(id="ms-errors")
    handler = asked("offer=Rich&hardware.cpu=99")
    assert len(soup(await form(PLAIN, offer, handler=handler).page()).find_all(id="ms-errors")) == 1
    # the hub's own keys start at once, and then it is missing
    assert soup(await form(PLAIN, offer, handler=asked("opt-offer=Rich")).page()).find_all(id="ms-errors")


async def test_the_only_offer_does_not_stand_in_for_another_one(form: Any) -> None:
    """With nothing to choose there is no form of ours, but for a link that leads elsewhere."""
    made = form(PLAIN, handler=asked("offer=gone"))
    page = soup(await made.page())
    assert chosen(page) == []
    assert one(page, id="ms-errors")
    assert await made.read({"offer": [PLAIN.id]}) == {"offer": PLAIN.id}


async def test_an_inner_form_that_can_not_be_had_is_refused_in_words(form: Any, monkeypatch: Any) -> None:
    """As on the page, so when something is sent to it."""
    made = form(PLAIN)

    async def child(_: Any) -> Any:
        raise o.UnknownOffer(PLAIN.id, ())

    monkeypatch.setattr(type(made), "_child", child)
    assert PLAIN.id in one(one(soup(await made.page()), id="ms-errors"), "li").text
    with pytest.raises(SpawnException) as caught:
        await made.read({})
    assert caught.value.reason == o.UnknownOffer.code


async def test_nobody_who_may_start_nothing_is_left_guessing(form: Any) -> None:
    """The form says so."""
    assert one(soup(await form().page()), id="ms-errors").li is not None


async def test_search_and_filters_are_there_where_they_help(form: Any) -> None:
    """Hidden, until a script shows them; by what the offers differ in."""
    assert soup(await form(*MANY[:6]).page()).find(id="ms-find") is None
    machines = [evolve(offer, type="virtual_machine") for offer in MANY[:3]]
    find = one(soup(await form(*machines, *MANY[3:9]).page()), id="ms-find")
    assert find.has_attr("hidden")
    assert [select["data-by"] for select in find.find_all("select")] == ["type"]
    assert [option["value"] for option in find.find_all("option")] == ["", "bare_metal", "virtual_machine"]


async def test_five_hundred_offers_send_the_fields_of_one(form: Any) -> None:
    """Tornado takes forms of at most 100 parts, and nobody waits for a page of megabytes."""
    offers = [evolve(RICH, id=f"local/T/{n}", entry=str(n), name=f"Offer {n}") for n in range(500)]
    handler = asked("offer=local/T/321&next=/user/ada/lab")
    html = await form(*offers, handler=handler).page()
    page = soup(html)
    assert len(html.encode()) < 1_500_000
    assert chosen(page) == ["local/T/321"]
    for template in page.find_all("template"):
        template.extract()
    assert len(page.find_all(["input", "select"], attrs={"name": True})) == 500 + 8
    ids = [str(tag["id"]) for tag in page.find_all(id=True)]
    assert len(ids) == len(set(ids))
    link = one(one(page, attrs={"data-offer": "local/T/9"}), "a")
    assert link["href"] == "?offer=local%2FT%2F9&next=%2Fuser%2Fada%2Flab#ms-9"


async def test_what_offers_have_in_common_is_in_the_page_once(form: Any) -> None:
    """A script brings it into the chosen card, with that card's ids and that offer's names."""
    other = evolve(RICH, lifetime=o.Lifetime(5))
    offers = [evolve(RICH if n % 2 else other, id=f"local/T/{n}", entry=str(n)) for n in range(40)]
    page = soup(await form(*offers).page())
    sets = page.find_all("template")
    assert len(sets) == 2
    assert {card.get("data-fields") for card in page.find_all(class_="ms-card")} == {
        None,
        *(str(each["id"]) for each in sets),
    }
    names = [str(tag["name"]) for tag in sets[0].find_all(["input", "select"])]
    assert all(name.endswith(":") for name in names)
    assert all(str(tag["id"]).startswith("ms-any-") for tag in sets[0].find_all(id=True))


@pytest.mark.parametrize(
    ("known", "words"),
    [
        (Availability(), None),
        (Availability(50), "free now"),
        (Availability(1), "1 free"),
        (Availability(0), "full"),
        (Availability(0, timedelta(minutes=16)), "full, about 20 min"),
        (Availability(None, timedelta(hours=3)), "full, about 3 h"),
        (Availability(0, timedelta()), "full, about 1 min"),
        (Availability(0, timedelta(days=9)), "full, about 9 days"),
    ],
)
async def test_whether_it_is_free_is_told_where_it_is_known(form: Any, known: Any, words: Any) -> None:
    """In few words, and rather too long than too short."""
    page = soup(await form(RICH, PLAIN, free={RICH.id: known}).page())
    badge = page.find(class_=["ms-free", "ms-full"])
    assert (badge and badge.text) == words


@pytest.mark.parametrize(("scopes", "count"), [((), 0), (("admin-ui",), 1)])
async def test_who_can_correct_the_configuration_is_led_to_what_is_wrong(
    form: Any, scopes: Any, count: int
) -> None:
    """Others have no use for it."""
    handler = asked(scopes=scopes)
    page = soup(await form(RICH, PLAIN, refused=object(), handler=handler).page())
    assert len(page.find_all("a", href="/hub/multiplespawner")) == count
    assert not soup(await form(RICH, PLAIN, handler=handler).page()).find_all(
        "a", href="/hub/multiplespawner"
    )


async def test_nothing_comes_from_outside() -> None:
    """Style and script are small files of the package that name no address."""
    folder = Path(spawn_form.__file__).parent
    for name, most in (("form.css", 120), ("form.js", 150)):
        text = (folder / name).read_text()
        assert len(text.splitlines()) < most
        assert not re.search(r"https?:|//\w|@import|url\(|fetch\(|</", text)
