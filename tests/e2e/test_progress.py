"""Watching a start, calling it off, and what is told when it fails: by the hub's stream and by the page."""

import pytest
from bs4 import BeautifulSoup

from e2e.browsers import Browser
from e2e.gated_spawners import MARKUP
from e2e.hubs import LOCAL, STAND_IN, local, real_hub
from e2e.listeners import Listener

CONFIG = """
import asyncio
from pathlib import Path

async def held_back(spawner):
    while spawner.user.name.startswith("held"):
        await asyncio.sleep(0.05)

c.Spawner.pre_spawn_hook = held_back
c.JupyterHub.tornado_settings = {"slow_spawn_timeout": 0}
"""
GATED = "Gated: machine"


@pytest.fixture(scope="module")
def hub(proxy, tmp_path_factory):
    """A hub with starts that wait for the test, one that nobody answers, and one with too little time."""
    folder = tmp_path_factory.mktemp("hub")
    (folder / "gates").mkdir()

    def gated(name, kind="Gated", **more):
        kwargs = {"cmd": STAND_IN, "gates": f"{folder}/gates"}
        return local(name, spawner={"class": f"e2e.gated_spawners.{kind}", "kwargs": kwargs}, **more)

    mute = {"class": LOCAL, "kwargs": {"cmd": ["sleep", "600"]}}
    offers = [
        gated("Gated"),
        gated("Troubled", "GatedAndTroubled"),
        gated("Hasty", start_timeout=1),
        local("Mute", spawner=mute, http_timeout=600),
        local("Forgotten", spawner=mute, http_timeout=1),
    ]
    with real_hub(folder, proxy, offers=(offers,), config=CONFIG) as started:
        yield started


def ask(hub, user, offer=GATED, server=""):
    """Have a start begun."""
    hub.api("POST", f"users/{user}")
    path = f"users/{user}/{f'servers/{server}' if server else 'server'}"
    answer = hub.api("POST", path, json={"offer": offer} if offer else None)
    assert answer.status_code == 202, answer.text


def open_gate(hub, user, how="start"):
    """Let a start go on."""
    (hub.folder / "gates" / user).write_text(how)


def listen(hub, user):
    """Somebody who listens to a start."""
    return Listener(hub, f"users/{user}/server/progress?steps=1")


def visitor(hub, user):
    """The user's browser."""
    browser = Browser(hub)
    browser.login(user)
    return browser


def pending(browser, user, server="", **given):
    """The page of a start, whatever its status."""
    path = f"{browser.hub.url}/hub/spawn-pending/{user}{server and '/' + server}"
    return browser.session.get(path, timeout=60, **given)


def soup(answer):
    """The page of an answer."""
    return BeautifulSoup(answer.text, "html.parser")


def states(page):
    """Names and states of the steps on a page."""
    return [(item["data-name"], item["data-state"]) for item in page.select("#steps li")]


def is_at_the_gate(hub, browser, user, server=""):
    """Whether the page says that the notebook is starting."""
    return ("notebook", "running") in states(soup(pending(browser, user, server)))


def words(answer, id_):
    """The text of an element of a page."""
    found = soup(answer).find(id=id_)
    assert found is not None, answer.text
    return found.text.strip()


def test_a_start_is_told_to_all_who_listen_whenever_they_come(hub):
    """Steps as they begin and end, the inner spawner's words among them, and a bar that never goes back."""
    ask(hub, "ann")
    first = listen(hub, "ann")
    hub.wait("the inner spawner's words", lambda: any(MARKUP in text for text in first.messages))
    late = listen(hub, "ann")
    hub.wait("them again", lambda: any(MARKUP in text for text in late.messages))
    open_gate(hub, "ann")
    for events in (first.rest(), late.rest()):
        told = [event.get("message", "") for event in events]
        begun = next(n for n, text in enumerate(told) if text.startswith("Starting the notebook"))
        woven = next(n for n, text in enumerate(told) if MARKUP in text)
        assert (
            begun
            < woven
            < next(n for n, text in enumerate(told) if text.startswith("The notebook is started"))
        )
        bars = [event["progress"] for event in events if "progress" in event]
        assert bars == sorted(bars)
        assert events[-1]["ready"] is True
        assert not any(event.get("ready") or event.get("failed") or "url" in event for event in events[:-1])
    assert durations(first) == durations(late)
    hub.stop_server("ann")


def durations(listener):
    """How long each step took, as the last event with steps says."""
    steps = [event["steps"] for event in listener.events if isinstance(event.get("steps"), list)][-1]
    return {step["name"]: step["seconds"] for step in steps if step["state"] == "done"}


def test_a_progress_with_an_error_does_no_harm(hub):
    """What the inner spawner said is passed on as far as it is JSON, and the rest of the start is told."""
    ask(hub, "bob", "Troubled: machine")
    listener = listen(hub, "bob")
    hub.wait("its words", lambda: "Look" in listener.messages)
    open_gate(hub, "bob")
    assert listener.rest()[-1]["ready"] is True
    assert "no progress" not in hub.log
    hub.stop_server("bob")


def test_the_page_has_all_without_a_script(hub):
    """Steps, a bar, a renewal without JavaScript and a button; the same again when it is loaded again."""
    browser = visitor(hub, "cat")
    ask(hub, "cat")
    hub.wait("the notebook's step", lambda: is_at_the_gate(hub, browser, "cat"))
    for _ in range(2):
        page = soup(pending(browser, "cat"))
        assert states(page) == [("requested", "done"), ("notebook", "running"), ("answer", "coming")]
        assert page.select_one("noscript meta[http-equiv=refresh]")
        assert page.find(attrs={"role": "progressbar"})["aria-valuenow"].isdigit()
        assert page.select_one("#progress-message")["aria-live"] == "polite"
        assert page.select_one("form button#cancel")
    open_gate(hub, "cat")
    hub.wait("server", lambda: hub.ready("cat"))
    arrived = pending(browser, "cat", allow_redirects=False)
    assert (arrived.status_code, arrived.headers["Location"]) == (302, "/user/cat/")
    hub.stop_server("cat")


@pytest.mark.parametrize(
    ("user", "offer", "moment"),
    [
        ("held-dan", GATED, "before anything is in the log"),
        ("eve", GATED, "while the notebook starts"),
        ("fay", "Mute: machine", "while the hub waits for an answer"),
    ],
)
def test_a_start_is_called_off_at_any_moment(hub, user, offer, moment):
    """The answer leads to the form, which says so; nothing is held; asked again, it is the same."""
    browser = visitor(hub, user)
    before = hub.starts
    ask(hub, user, offer)
    at = {"eve": ("notebook", "running"), "fay": ("answer", "running")}.get(user)
    hub.wait(moment, lambda: at is None or at in states(soup(pending(browser, user))))
    page = soup(pending(browser, user))
    answer = browser.fill(page)
    assert answer.ok
    again = browser.fill(page)
    assert again.ok
    hub.wait("the form", lambda: spawn_page(browser, user))
    hub.wait("release", hub.nothing_is_held)
    assert hub.starts == before + (at is not None)
    if at is not None:
        asked = hub.fact("session.stop_requested")
        assert (asked["by"], asked["why"]) == ("user", "start_cancelled")
    assert "cancelled" in words(pending(browser, user), "failure-message")


def spawn_page(browser, user):
    """Whether the form can be had again, and says that the start was cancelled."""
    answer = browser.session.get(f"{browser.hub.url}/hub/spawn/{user}", timeout=60)
    return answer.url.endswith(f"/hub/spawn/{user}") and soup(answer).select_one("#spawn_form #called-off")


def test_where_there_is_no_form_a_start_that_is_called_off_is_not_begun_again(proxy, tmp_path):
    """The hub's page would start the only offer at once: another page says that it was cancelled."""
    mute = local("Mute", spawner={"class": LOCAL, "kwargs": {"cmd": ["sleep", "600"]}})
    with real_hub(tmp_path, proxy, offers=([mute],), config=CONFIG) as plain:
        browser = visitor(plain, "eve")
        ask(plain, "eve", None)
        answer = browser.fill(soup(pending(browser, "eve")))
        if "cancelled=" in answer.url:
            plain.wait("its end", lambda: soup(pending(browser, "eve")).find(id="failure-message"))
            answer = browser.session.get(answer.url, timeout=60)
        assert "cancelled" in words(answer, "failure-message")
        plain.wait("release", plain.nothing_is_held)
        assert plain.starts == 1


def test_a_named_server_is_called_off(hub):
    """By the same page, below its name; another server of the same user goes on."""
    browser = visitor(hub, "gus")
    ask(hub, "gus", server="extra")
    hub.wait("the notebook's step", lambda: is_at_the_gate(hub, browser, "gus", "extra"))
    assert browser.fill(soup(pending(browser, "gus", "extra"))).ok
    hub.wait("its end", lambda: hub.api("GET", "users/gus").json()["servers"] == {})
    assert "cancelled" in words(pending(browser, "gus", "extra"), "failure-message")


def test_who_may_not_stop_a_server_may_not_call_its_start_off(hub):
    """Neither somebody else, nor a form that another site has sent."""
    browser, other = visitor(hub, "hal"), visitor(hub, "ida")
    ask(hub, "hal")
    hub.wait("the notebook's step", lambda: is_at_the_gate(hub, browser, "hal"))
    url = f"{hub.url}/hub/spawn-pending/hal"
    assert other.session.post(url, timeout=60, data={"_xsrf": xsrf(other)}).status_code in (403, 404)
    assert browser.session.post(url, timeout=60).status_code == 403
    assert is_at_the_gate(hub, browser, "hal")
    open_gate(hub, "hal")
    hub.wait("server", lambda: hub.ready("hal"))
    late = browser.session.post(url, timeout=60, data={"_xsrf": xsrf(browser)})
    assert late.status_code == 409
    assert soup(late).find(id="open")["href"] == "/user/hal/"
    assert hub.ready("hal")
    hub.stop_server("hal")


def xsrf(browser):
    """The token that the hub's own pages send."""
    return browser.session.cookies.get("_xsrf", path="/hub/")


def test_a_failure_says_what_failed_and_what_to_do(hub):
    """On the page with status 500, with a code and the session for the administrator, as text."""
    browser = visitor(hub, "jan")
    ask(hub, "jan")
    listener = listen(hub, "jan")
    hub.wait("the inner spawner's words", lambda: any(MARKUP in text for text in listener.messages))
    open_gate(hub, "jan", "fail")
    assert listener.rest()[-1]["failed"] is True
    page = pending(browser, "jan")
    assert page.status_code == 500
    assert words(page, "failure-message") == "The coffee machine is <b>empty</b>."
    assert "Starting the notebook" in words(page, "failure-step")
    assert words(page, "failure-advice")
    assert words(page, "failure-code") == "inner_refused"
    assert last_session(hub).startswith(words(page, "failure-session"))
    assert soup(page).find("a", id="start")["href"] == "/hub/spawn/jan"
    open_gate(hub, "jan")
    hub.launch("jan")
    hub.stop_server("jan")


def test_a_failure_at_once_is_told_above_the_form(proxy, tmp_path):
    """What failed, what to do, the code and the session, and not what the inner spawner's error says."""
    broken = local("Broken", spawner={"class": "e2e.gated_spawners.Broken"})
    with real_hub(tmp_path, proxy, offers=([local("Works"), broken],)) as hub:
        browser = visitor(hub, "ned")
        answer = browser.fill(browser.get("spawn/ned"), offer="local/Broken/machine")
        assert answer.status_code == 500
        said = soup(answer).find(class_="spawn-error-msg").text
        assert "inner_start_failed" in said
        assert last_session(hub)[:8] in said
        assert "a secret" not in answer.text
        assert soup(answer).find("input", {"value": "local/Broken/machine"}).has_attr("checked")


def last_session(hub):
    """Id of the session that was asked for last."""
    return [stream for stream, topic in hub.facts() if topic == "session.requested"][-1].partition(":")[2]


@pytest.mark.parametrize(
    ("user", "offer", "code", "step"),
    [
        ("kim", "Hasty: machine", "start_cancelled", "Starting the notebook"),
        ("lea", "Forgotten: machine", "never_answered", "answers"),
    ],
)
def test_a_start_that_takes_too_long_says_so(hub, user, offer, code, step):
    """How long was waited, and for what."""
    browser = visitor(hub, user)
    ask(hub, user, offer)
    hub.wait("its end", lambda: pending(browser, user).status_code == 500)
    page = pending(browser, user)
    assert "1 seconds" in words(page, "failure-message")
    assert step in words(page, "failure-step")
    assert words(page, "failure-code") == code
    hub.wait("release", hub.nothing_is_held)


def test_a_start_that_a_killed_hub_left_is_told_as_interrupted(hub):
    """By the hub that comes back, and the next start works at once."""
    browser = visitor(hub, "max")
    ask(hub, "max")
    hub.wait("the notebook's step", lambda: is_at_the_gate(hub, browser, "max"))
    hub.kill()
    hub.start()
    hub.wait("its end", lambda: soup(pending(browser, "max")).find(id="last-start"))
    page = pending(browser, "max")
    assert words(page, "failure-code") == "interrupted"
    assert last_session(hub).startswith(words(page, "failure-session"))
    open_gate(hub, "max")
    hub.launch("max")
    hub.stop_server("max")
