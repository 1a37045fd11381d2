"""Choosing an offer, hardware, lifetime and options: by REST and by the plain form."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup

from e2e.browsers import Browser
from e2e.hubs import LOCAL, STAND_IN, local, real_hub

SMALL = "local/Small/machine"
MARKUP = "<script>alert(1)</script> & \"'><b>Small</b>"
OPTIONS = [
    {"name": "colour", "type": "choice", "choices": ["red", "green"], "default": "red"},
    {"name": "count", "type": "integer", "minimum": 1, "maximum": 5, "default": 2},
    {"name": "word", "type": "text", "pattern": "[a-z]+", "default": "none"},
    {"name": "fast", "type": "boolean", "default": True},
]


@pytest.fixture(scope="module")
def hub(proxy, tmp_path_factory):
    """A hub with a rich offer and two plain ones that have the same entry name."""
    environment = {name.upper(): f"{{option.{name}}}" for name in ("colour", "count", "word", "fast")}
    small = local(
        "Small",
        display_name=MARKUP,
        description="</small><img src=x onerror=alert(2)>",
        spawner={"class": LOCAL, "kwargs": {"cmd": STAND_IN, "environment": environment}},
        hardware={
            "cpu": {"minimum": 1, "maximum": 4},
            "memory": {"minimum": 0.5, "maximum": 8, "default": 2},
        },
        lifetime={"default": 60, "maximum": 120},
        options=OPTIONS,
    )
    failing = local("Failing", spawner={"class": "e2e.inner_spawners.SpawnerThatFails", "kwargs": {}})
    offers = ([small, local("Large"), local("Huge"), failing],)
    with real_hub(tmp_path_factory.mktemp("hub"), proxy, offers=offers) as started:
        yield started


@pytest.fixture
def browser(hub, request):
    """A browser in which somebody of this test has logged in."""
    opened = Browser(hub)
    opened.login(re.sub(r"[^a-z_]", "", request.node.name.removeprefix("test_")))
    return opened


def test_all_that_was_chosen_reaches_the_notebook_and_the_log(hub):
    """Hardware as the spawner's limits, options as settings, the selection in the log, and a deadline."""
    chosen = {
        "offer": SMALL,
        "hardware": {"cpu": 2, "memory": 4},
        "lifetime": 30,
        "options": {"colour": "green", "count": 3, "word": "abc", "fast": False},
    }
    environment = hub.launch("ann", **chosen)["env"]
    assert (environment["CPU_LIMIT"], environment["MEM_LIMIT"]) == ("2.0", str(4 * 2**30))
    assert [environment[name] for name in ("COLOUR", "COUNT", "WORD", "FAST")] == [
        "green",
        "3",
        "abc",
        "False",
    ]
    selection = hub.fact("session.requested")["selection"]
    assert (selection["offer"], selection["lifetime"]) == (SMALL, 30)
    assert selection["hardware"] == {"cpu": 2.0, "memory": 4.0, "gpu": None, "gpu_kind": None}
    assert dict(selection["options"]) == chosen["options"]
    assert hub.fact("session.expiry_set")
    hub.stop_server("ann")


def test_what_is_not_said_has_its_default(hub):
    """An offer alone is enough; display names name it too."""
    environment = hub.launch("bob", offer=f"{MARKUP}: machine")["env"]
    assert (environment["CPU_LIMIT"], environment["MEM_LIMIT"]) == ("1.0", str(2 * 2**30))
    assert environment["COLOUR"] == "red"
    assert hub.fact("session.requested")["selection"]["lifetime"] == 60
    hub.stop_server("bob")


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({}, "offer_required"),
        ({"offer": "nowhere"}, "unknown_offer"),
        ({"offer": "../../etc"}, "unknown_offer"),
        ({"offer": "machine"}, "ambiguous_offer"),
        ({"offer": 1}, "bad_type"),
        ({"offer": SMALL, "hardware": {"cpu": 99}}, "hardware_out_of_range"),
        ({"offer": SMALL, "hardware": {"cpu": "2"}}, "bad_type"),
        ({"offer": SMALL, "hardware": {"cpu": True}}, "bad_type"),
        ({"offer": SMALL, "hardware": [2]}, "bad_type"),
        ({"offer": SMALL, "hardware": {"disk": 1}}, "unknown_key"),
        ({"offer": SMALL, "cmd": ["/bin/sh"]}, "unknown_key"),
        ({"offer": SMALL, "lifetime": 121}, "lifetime_too_long"),
        ({"offer": SMALL, "lifetime": 0}, "bad_type"),
        ({"offer": SMALL, "options": {"colour": "blue"}}, "bad_option"),
        ({"offer": SMALL, "options": {"word": "; reboot"}}, "bad_option"),
        ({"offer": SMALL, "options": {"size": 1}}, "unknown_option"),
        ({"offer": "Huge: machine", "hardware": {"cpu": 1}}, "unknown_key"),
    ],
)
def test_what_is_wrong_is_refused_with_its_reason(hub, asked, code):
    """Status 400 with the stable code beside it and words in the body; nothing is asked for in the log."""
    before = hub.starts
    hub.api("POST", "users/cat")
    answer = hub.api("POST", "users/cat/server", json=asked)
    assert (answer.status_code, answer.reason) == (400, code)
    assert answer.json()["message"]
    assert hub.starts == before


def test_the_form_shows_every_offer_as_text(browser):
    """Names and descriptions are escaped: the page has no element that they would make."""
    page = browser.get("spawn")
    radios = page.find_all("input", {"type": "radio", "name": "offer"})
    assert [radio["value"] for radio in radios] == [
        SMALL,
        "local/Large/machine",
        "local/Huge/machine",
        "local/Failing/machine",
    ]
    card = page.find(attrs={"data-offer": SMALL})
    label = card.find("label", {"for": card.find("input", {"name": "offer"})["id"]})
    assert MARKUP in label.text
    assert "<img src=x onerror=alert(2)>" in card.text
    assert page.find("img", {"src": "x"}) is None
    assert not [script for script in page.find_all("script") if "alert(1)" in script.text]


def test_the_form_as_it_is_starts_the_first_offer(hub, browser):
    """What the page sends untouched is accepted."""
    answer = browser.fill(browser.get("spawn"))
    assert answer.ok, answer.reason
    assert hub.fact("session.requested")["selection"]["offer"] == SMALL


def test_a_filled_form_says_the_same_as_rest(hub, browser):
    """Fields become the same selection that a REST body makes."""
    filled = {
        f"hardware.cpu:{SMALL}": "3",
        f"hardware.memory:{SMALL}": "1.5",
        f"lifetime:{SMALL}": "45",
        f"options.colour:{SMALL}": "green",
        f"options.count:{SMALL}": "4",
        f"options.word:{SMALL}": "xyz",
        f"options.fast:{SMALL}": "false",
    }
    answer = browser.fill(browser.get("spawn"), **filled)
    assert answer.ok, answer.reason
    selection = hub.fact("session.requested")["selection"]
    assert (selection["hardware"]["cpu"], selection["hardware"]["memory"]) == (3.0, 1.5)
    assert selection["lifetime"] == 45
    assert dict(selection["options"]) == {"colour": "green", "count": 4, "word": "xyz", "fast": False}


def test_a_form_that_is_refused_says_why(hub, browser):
    """The page keeps status 400, shows the words and the form again, and nothing was asked for."""
    before = hub.starts
    answer = browser.fill(browser.get("spawn"), **{f"hardware.cpu:{SMALL}": "99"})
    assert answer.status_code == 400
    page = BeautifulSoup(answer.text, "html.parser")
    [words] = page.find_all(class_="spawn-error-msg")
    field = page.find("input", {"name": f"hardware.cpu:{SMALL}"})
    assert (field["value"], field["aria-invalid"]) == ("99", "true")
    assert words.find("a", href=f"#{field['id']}") is not None
    assert page.find("input", {"name": "offer", "checked": True})["value"] == SMALL
    assert hub.starts == before


def test_a_refusal_shows_what_was_typed_as_text(browser):
    """Markup in a field comes back escaped."""
    answer = browser.fill(browser.get("spawn"), offer="<img src=y onerror=alert(3)>")
    assert answer.status_code == 400
    assert BeautifulSoup(answer.text, "html.parser").find("img", {"src": "y"}) is None


def test_a_link_can_choose(hub, browser):
    """The same fields in a link's query start the server at once."""
    answer = browser.session.get(f"{hub.url}/hub/spawn?opt-offer=Huge: machine", timeout=60)
    assert answer.ok, answer.reason
    assert hub.fact("session.requested")["selection"]["offer"] == "local/Huge/machine"


def test_the_address_of_a_form_that_was_sent_can_be_opened_again(hub, browser):
    """It has the hub's `_xsrf`, which is nobody's choice: nothing is started, refused or remembered."""
    refused = browser.fill(browser.get("spawn"), offer="nowhere")
    assert "_xsrf=" in refused.url
    again = browser.session.get(refused.url, timeout=60)
    assert (again.status_code, again.url) == (200, refused.url)
    page = BeautifulSoup(again.text, "html.parser")
    assert page.find(class_="spawn-error-msg") is None
    # a theme may have it among the fields
    token = parse_qs(urlsplit(refused.url).query)["_xsrf"][-1]
    filled = browser.fill(page, offer="local/Huge/machine", _xsrf=token)
    assert filled.ok, filled.reason
    assert "_xsrf" not in hub.api("GET", f"users/{browser.user}").json()["servers"][""]["user_options"]


@pytest.mark.parametrize("key", ["opt-offer", "offer"])
def test_a_link_that_is_refused_says_why(browser, key):
    """Status 400 and the form, as for a filled form, with no offer chosen in place of that one."""
    answer = browser.session.get(f"{browser.hub.url}/hub/spawn?{key}=nowhere", timeout=60)
    assert answer.status_code == 400
    page = BeautifulSoup(answer.text, "html.parser")
    assert len(page.find_all(class_="spawn-error-msg")) == 1
    assert page.find("input", {"name": "offer", "checked": True}) is None


def test_a_link_can_fill_the_form(hub, browser):
    """Keys without the hub's `opt-` start nothing: what they say stands in the form."""
    before = hub.starts
    page = browser.get(f"spawn?offer={SMALL}&hardware.cpu=3&options.word=abc")
    assert hub.starts == before
    assert browser.fill(page).ok
    selection = hub.fact("session.requested")["selection"]
    assert (selection["offer"], selection["hardware"]["cpu"]) == (SMALL, 3.0)
    assert dict(selection["options"])["word"] == "abc"


@pytest.mark.parametrize("body", [{}, None, {"user_options": {}}, {"user_options": None}], ids=str)
def test_the_last_is_started_again_where_nothing_is_said(hub, body):
    """By REST, with an empty body, none, or empty options; also when that was done before."""
    hub.launch("dan", offer=SMALL, hardware={"cpu": 3}, options={"word": "again"})
    selection = hub.fact("session.requested")["selection"]
    hub.stop_server("dan")
    for _ in range(2):
        before = hub.starts
        assert hub.api("POST", "users/dan/server", json=body).status_code in (201, 202)
        hub.wait("server", lambda: hub.ready("dan"))
        assert (hub.starts, hub.fact("session.requested")["selection"]) == (before + 1, selection)
        hub.stop_server("dan")


def test_servers_remember_by_themselves(hub):
    """Each named server starts its own last again."""
    for server, cpu in (("one", 2), ("two", 3)):
        hub.launch("eve", server, offer=SMALL, hardware={"cpu": cpu})
        hub.stop_server("eve", server)
    for server, cpu in (("one", 2.0), ("two", 3.0)):
        assert hub.api("POST", f"users/eve/servers/{server}", json={"user_options": {}}).ok
        hub.wait("server", lambda server=server: hub.ready("eve", server))
        assert hub.fact("session.requested")["selection"]["hardware"]["cpu"] == cpu
        hub.stop_server("eve", server)


def test_a_remembered_choice_that_is_gone_is_not_started(hub, browser):
    """By REST it is refused, and stays remembered; the form doesn't offer it."""
    user, gone = browser.user, {"offer": "local/Gone/machine"}
    assert hub.api("PATCH", f"users/{user}/server", json={"user_options": gone}).ok
    answer = hub.api("POST", f"users/{user}/server", json={"user_options": {}})
    assert (answer.status_code, answer.reason) == (400, "offer_required")
    page = browser.get("spawn")
    assert page.find("button", {"name": "start-again"}) is None
    assert page.find(class_="spawn-error-msg") is None


@pytest.mark.parametrize(
    ("options", "code"), [('{"a":' * 900 + "1" + "}" * 900, "body_too_large"), ('{"a": NaN}', "not_json")]
)
def test_what_no_form_could_show_is_not_put_into_the_row(hub, browser, options, code):
    """By the hub's route that edits a server that doesn't run: its page would be an error ever after."""
    path, body = f"users/{browser.user}/server", f'{{"user_options": {options}}}'
    answer = hub.api("PATCH", path, data=body)
    assert (answer.status_code, answer.json()["reason"]) == (400, code)
    assert browser.get("spawn").find("input", {"name": "offer"}) is not None


def test_a_refusal_costs_nobody_their_last_choice(hub):
    """What was refused by REST is not what starts next time."""
    hub.launch("fay", offer=SMALL, hardware={"cpu": 2})
    hub.stop_server("fay")
    assert hub.api("POST", "users/fay/server", json={"offer": "nowhere"}).status_code == 400
    hub.launch("fay")
    assert hub.fact("session.requested")["selection"]["hardware"]["cpu"] == 2.0
    hub.stop_server("fay")


def test_one_button_starts_the_last_again(hub, browser):
    """Whatever else stands in the form that it sends."""
    browser.fill(browser.get("spawn"), **{f"hardware.cpu:{SMALL}": "2", f"lifetime:{SMALL}": "45"})
    hub.wait("server", lambda: hub.ready(browser.user))
    selection = hub.fact("session.requested")["selection"]
    hub.stop_server(browser.user)
    page = browser.get("spawn")
    button = page.find("button", {"name": "start-again"})
    assert "2 CPU · 2 GiB · until" in " ".join(button.text.split())
    other = {"offer": "local/Large/machine", button["name"]: button["value"]}
    assert browser.fill(page, **other).ok
    assert hub.fact("session.requested")["selection"] == selection


@pytest.mark.parametrize("server", ["", "/{user}/lab"], ids=["default", "named"])
def test_a_start_that_failed_leaves_its_choice_in_the_form(browser, server):
    """At once in the answer, and still when somebody comes back, who can start it again in one click."""
    path, failing = f"spawn{server.format(user=browser.user)}", "local/Failing/machine"
    answer = browser.fill(browser.get(path), offer=failing)
    assert answer.status_code >= 500
    for page in (BeautifulSoup(answer.content, "html.parser"), browser.get(path)):
        assert page.find("input", {"name": "offer", "checked": True})["value"] == failing
        assert "Failing" in page.find("button", {"name": "start-again"}).text


def test_a_named_server_has_its_own_form(hub, browser):
    """Also when what was sent is refused: the hub itself would show that of the default server."""
    user, path = browser.user, f"spawn/{browser.user}/lab"
    hub.launch(user, "lab", offer="local/Huge/machine")
    hub.stop_server(user, "lab")
    page = browser.get(path)
    assert "Huge" in page.find("button", {"name": "start-again"}).text
    answer = browser.fill(page, offer=SMALL, **{f"lifetime:{SMALL}": "999"})
    assert answer.status_code == 400
    page = BeautifulSoup(answer.text, "html.parser")
    assert "Huge" in page.find("button", {"name": "start-again"}).text
    assert page.find("input", {"name": f"lifetime:{SMALL}"})["value"] == "999"
    assert browser.fill(page, **{f"lifetime:{SMALL}": "99"}).ok
    hub.wait("server", lambda: hub.ready(user, "lab"))
