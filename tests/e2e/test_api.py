"""The API for the signed-in user on a real hub: what it answers, and what nobody can make it do."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from e2e.browsers import Browser
from e2e.hubs import ADMIN, LIMIT, local, real_hub

OURS = "multiplespawner"
RICH = "local/Rich/machine"
OPTIONS = [
    {"name": "colour", "type": "choice", "choices": ["red", "green", 3], "default": "red"},
    {"name": "count", "type": "integer", "minimum": 1, "maximum": 5, "default": 2},
    {"name": "word", "type": "text", "pattern": "[a-z]+", "default": "none"},
    {"name": "fast", "type": "boolean", "default": True},
]
CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,"
    "response_schema_conformance,negative_data_rejection,unsupported_method,allow_header_conformance,"
    "ignored_auth,use_after_free,ensure_resource_availability"
)

NO_LINKS = ("--phases", "examples,coverage,fuzzing", "--max-examples", "50")
"""For one route by itself, which leads to no other."""


@pytest.fixture(scope="module")
def hub(proxy, tmp_path_factory):
    """A hub with an offer in which all can be chosen, one with sizes, one with a stranger's keys."""
    rich = local(
        "Rich",
        hardware={
            "cpu": {"minimum": 1, "maximum": 4},
            "memory": {"minimum": 0.5, "maximum": 8, "default": 2},
        },
        lifetime={"default": 60, "maximum": 120},
        options=OPTIONS,
    )
    sizes = local("Sizes", flavors=[{"name": "small", "cpu": 1}, {"name": "large", "cpu": 4, "memory": 16}])
    open_ = local("Open", inner_options=True, allowed_users=["ann"])
    staff = local("Staff", allowed_groups=["staff"])
    offers = ([rich, sizes, open_, staff],)
    with real_hub(tmp_path_factory.mktemp("hub"), proxy, offers=offers) as started:
        for user in ("ann", "bob"):
            started.api("POST", f"users/{user}")
        # the event log is made as soon as somebody asks
        Client(started, "ann").get("offers").raise_for_status()
        yield started


class Client:
    """One user's token."""

    def __init__(self, hub: Any, user: str, **body: Any) -> None:
        answer = hub.api("POST", f"users/{user}/tokens", json=body)
        answer.raise_for_status()
        self.token, self.hub = answer.json()["token"], hub

    @property
    def headers(self) -> dict[str, str]:
        """What a program sends along."""
        return {"Authorization": f"token {self.token}"}

    def get(self, path: str, **given: Any) -> requests.Response:
        """Read one of ours."""
        return self.call("GET", f"{OURS}/{path}", **given)

    def choice(self, **given: Any) -> requests.Response:
        """Ask what a request would start."""
        return self.call("POST", f"{OURS}/choice", **given)

    def call(self, method: str, path: str, **given: Any) -> requests.Response:
        """Any call."""
        headers = {**self.headers, **given.pop("headers", {})}
        address = f"{self.hub.url}/hub/api/{path}"
        return requests.request(method, address, headers=headers, timeout=LIMIT, **given)


@pytest.fixture(scope="module")
def ann(hub):
    """An ordinary user."""
    return Client(hub, "ann")


def test_offers_are_told_with_what_may_be_said(ann):
    """Only those that the user may choose; the schema has a branch for each."""
    told = ann.get("offers").json()
    assert [offer["id"] for offer in told["offers"]] == [
        RICH,
        "local/Sizes/machine",
        "local/Open/machine",
    ]
    rich = told["offers"][0]
    assert rich["hardware"]["memory"] == {"minimum": 0.5, "maximum": 8, "default": 2}
    assert rich["lifetime"] == {"default": 60, "maximum": 120}
    assert [option["type"] for option in rich["options"]] == ["choice", "integer", "text", "boolean"]
    assert len(told["schema"]["anyOf"]) == 3
    assert told["remembered"] is None


def test_a_choice_has_its_defaults_and_starts_nothing(hub, ann):
    """The answer is what a start would make of it, and the request that says it in full."""
    before = hub.facts()
    told = ann.choice(json={"offer": RICH, "hardware": {"cpu": 2}, "options": {"colour": 3}}).json()
    assert told["selection"] == {
        "hardware": {"cpu": 2, "memory": 2, "gpu": None, "gpu_kind": None},
        "lifetime": 60,
        "options": {"colour": 3, "count": 2, "word": "none", "fast": True},
    }
    assert ann.choice(json=told["request"]).json() == told
    assert hub.facts() == before


def test_all_that_is_wrong_is_told_at_once(ann):
    """The first refusal, and beside it the others with their places."""
    wrong = {"offer": RICH, "hardware": {"cpu": 99}, "lifetime": 0, "options": {"word": "A", "size": 1}}
    answer = ann.choice(json=wrong)
    told = answer.json()
    assert (answer.status_code, told["status"]) == (400, 400)
    assert (told["reason"], told["place"]) == ("hardware_out_of_range", "hardware.cpu")
    assert [(each["reason"], each["place"]) for each in told["also"]] == [
        ("bad_type", "lifetime"),
        ("bad_option", "options.word"),
        ("unknown_option", "options.size"),
    ]


BODIES = [
    (b"{", "not_json"),
    (b"\xff", "not_json"),
    (b'{"lifetime": NaN}', "not_json"),
    (b'{"lifetime": 1e999}', "not_json"),
    (b'{"lifetime": ' + b"9" * 5000 + b"}", "not_json"),
    (b'{"offer": "\\ud800"}', "not_json"),
    (b"[" * 100_000, "body_too_large"),
    (b'{"a":' * 400 + b"1" + b"}" * 400, "body_too_large"),
    (b" " * 10_000_000 + b"{}", "body_too_large"),
    (b"[1]", "bad_type"),
    (b'"text"', "bad_type"),
    (b"17", "bad_type"),
    (b"true", "bad_type"),
    (b'{"offer": null}', "bad_type"),
    (b'{"offer": "\\u0000"}', "unknown_offer"),
    (b'{"offer": "100%s %d"}', "unknown_offer"),
    (b'{"offer": "local/Staff/machine"}', "unknown_offer"),
    (b'{"offer": "machine"}', "ambiguous_offer"),
    (b'{"lifetime": 1}', "offer_required"),
]


@pytest.mark.parametrize(("body", "code"), BODIES, ids=lambda value: repr(value[:20]))
@pytest.mark.parametrize("path", ["multiplespawner/choice", "users/ann/server", "users/ann/servers/named"])
def test_a_body_that_can_t_be_meant_is_refused_with_a_code(hub, ann, path, body, code):
    """By us and by the hub's own route alike; nothing is started."""
    before = hub.starts
    answer = ann.call("POST", path, data=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["reason"]) == (400, code)
    assert answer.json().keys() >= {"status", "message", "place", "also"}
    assert hub.starts == before


def test_another_content_type_is_refused(ann):
    """A form sent by a page of somebody else's, for instance."""
    answer = ann.choice(data={"offer": RICH})
    assert (answer.status_code, answer.json()["reason"]) == (400, "wrong_content_type")


@pytest.mark.parametrize("body", [b"", b"null", b"{}"])
def test_an_empty_request_means_what_was_started_last(hub, body):
    """Before the first start there is nothing to repeat where there are several offers."""
    user = f"empty{len(body)}"
    hub.api("POST", f"users/{user}")
    client = Client(hub, user)
    assert client.choice(data=body).json()["reason"] == "offer_required"
    asked = {"offer": RICH, "hardware": {"cpu": 3}}
    hub.launch(user, **asked)
    assert client.choice(data=body).json()["selection"]["hardware"]["cpu"] == 3
    assert client.get("offers").json()["remembered"] == asked
    hub.stop_server(user)
    assert client.choice(data=body).json()["selection"]["hardware"]["cpu"] == 3


def test_own_sessions_are_told_newest_first_by_pages(hub):
    """With their steps; nobody else's are."""
    hub.api("POST", "users/cat")
    cat, bob = Client(hub, "cat"), Client(hub, "bob")
    for _ in range(3):
        hub.launch("cat", offer=RICH)
        running = cat.get("sessions", params={"active": "true"}).json()["sessions"]
        hub.stop_server("cat")
        hub.wait("release", hub.nothing_is_held)
    told = cat.get("sessions", params={"active": "false"}).json()
    ids = [session["id"] for session in told["sessions"]]
    assert (len(ids), told["next"], running[0]["id"]) == (3, None, ids[0])
    assert [running[0][key] for key in ("server", "phase", "ended")] == ["", "running", None]
    first = cat.get("sessions", params={"limit": 2}).json()
    rest = cat.get("sessions", params={"limit": 2, "before": first["next"]}).json()
    assert [each["id"] for page in (first, rest) for each in page["sessions"]] == ids
    one = cat.get(f"sessions/{ids[0]}").json()
    assert (one["phase"], one["reason"]) == ("ended", "stopped")
    assert {"requested", "notebook", "stopping", "release"} <= {step["name"] for step in one["steps"]}
    assert bob.get("sessions").json()["sessions"] == []
    unknown = [bob.get(f"sessions/{name}") for name in (ids[0], "0" * 32, "nothing")]
    assert {(answer.status_code, answer.text) for answer in unknown} == {
        (404, json.dumps({"status": 404, "message": "You have no such session."}))
    }


def test_a_new_user_with_an_old_id_is_not_told_the_old_one_s_sessions(hub):
    """SQLite gives the id of the last user, once deleted, to the next one."""
    hub.api("POST", "users/old")
    hub.launch("old", offer=RICH)
    hub.stop_server("old")
    hub.wait("release", hub.nothing_is_held)
    server = hub.fact("session.requested")["server"]
    assert hub.api("DELETE", "users/old").ok
    hub.api("POST", "users/new")
    hub.launch("new", offer=RICH)
    assert hub.fact("session.requested")["server"]["user"] == server["user"]
    assert len(Client(hub, "new").get("sessions").json()["sessions"]) == 1
    hub.stop_server("new")


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=101", "limit=-1", "limit=x", "limit=", "active=yes", "before=x", f"before={'0' * 32}"],
)
def test_a_bad_parameter_is_refused_at_its_place(ann, query):
    """With what it must be."""
    answer = ann.get(f"sessions?{query}")
    assert (answer.status_code, answer.json()["reason"]) == (400, "bad_parameter")
    assert answer.json()["place"] == query.partition("=")[0]


def test_administrators_are_told_of_an_edit_with_errors(hub, ann):
    """Others are not."""
    hub.api("POST", "users/chief", json={"admin": True})
    chief = Client(hub, "chief")
    told = chief.get("configuration").json()
    assert (len(told["current"]["offers"]), told["refused"]) == (4, None)
    file = hub.folder / "ms" / "spawner_templates.json"
    good = file.read_text()
    file.write_text("[1]")
    try:
        refused = hub.wait("refusal", lambda: chief.get("configuration").json()["refused"])
        assert [problem["severity"] for problem in refused["problems"]] == ["error"]
        assert len(ann.get("offers").json()["offers"]) == 3
    finally:
        file.write_text(good)
    hub.wait("the end of it", lambda: chief.get("configuration").json()["refused"] is None)
    assert ann.get("configuration").status_code == 403


def test_nobody_is_answered_without_the_right(hub):
    """No token, a service's, one without the scope; only the document is everybody's."""
    weak = Client(hub, "ann", scopes=["read:users:name!user"])
    service = {"Authorization": f"token {ADMIN}"}
    for method, path in (
        ("GET", "offers"),
        ("POST", "choice"),
        ("GET", "sessions"),
        ("GET", "configuration"),
    ):
        address = f"{hub.url}/hub/api/{OURS}/{path}"
        answers = [
            requests.request(method, address, timeout=LIMIT),
            requests.request(method, address, headers=service, timeout=LIMIT),
            weak.call(method, f"{OURS}/{path}"),
        ]
        assert [answer.status_code for answer in answers] == [403] * 3
        assert all(answer.json()["message"] for answer in answers)
    assert requests.get(f"{hub.url}/hub/api/{OURS}/openapi.json", timeout=LIMIT).ok


def test_a_browser_needs_the_page_s_xsrf_token(hub):
    """A cookie alone is what a page of somebody else's would send."""
    browser = Browser(hub)
    browser.login("dan")
    address = f"{hub.url}/hub/api/{OURS}/choice"
    browser.get("token")
    xsrf = browser.session.cookies.get("_xsrf", path="/hub/")
    body = {"offer": RICH}
    assert browser.session.post(address, json=body, timeout=LIMIT).status_code == 403
    answer = browser.session.post(address, json=body, headers={"X-XSRFToken": xsrf}, timeout=LIMIT)
    assert (answer.status_code, answer.json()["offer"]["id"]) == (200, RICH)


@pytest.mark.parametrize("method", ["HEAD", "PUT", "PATCH", "DELETE", "TRACE"])
def test_other_methods_are_answered_with_those_that_there_are(ann, method):
    """Status 405 and what is allowed."""
    answer = ann.call(method, f"{OURS}/choice")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST, OPTIONS")


NEVER = st.one_of(
    st.lists(st.integers(), min_size=1),
    st.text(min_size=1),
    st.integers(min_value=1),
    st.just(True),
    st.fixed_dictionaries({"offer": st.none() | st.integers() | st.text() | st.lists(st.text())}),
    st.fixed_dictionaries(
        {"offer": st.just(RICH), "hardware": st.text() | st.integers() | st.lists(st.integers())}
    ),
    st.fixed_dictionaries({"offer": st.just(RICH), "lifetime": st.text() | st.integers(max_value=0)}),
    st.fixed_dictionaries(
        {"offer": st.just(RICH), "options": st.dictionaries(st.text(), st.none(), min_size=1)}
    ),
    st.fixed_dictionaries({"user_options": st.lists(st.text(), min_size=1) | st.text(min_size=1)}),
    st.fixed_dictionaries({"display_name": st.integers() | st.lists(st.text())}),
)


def test_no_body_makes_a_start_fail(hub, ann):
    """What is never acceptable is refused with a code, and nothing of it reaches the event log."""

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(NEVER)
    def refuse(body: Any) -> None:
        answer = ann.call("POST", "users/ann/server", json=body)
        assert (answer.status_code, bool(answer.json()["reason"])) == (400, True)

    before = hub.starts
    refuse()
    assert hub.starts == before


def run(hub: Any, document: Path, token: str, *options: str) -> dict[str, Any]:
    """Have schemathesis try a document on the hub with a user's token; what it found."""
    report = document.with_suffix(".report.json")
    command = [
        *(sys.executable, "-m", "schemathesis.cli", "run", str(document)),
        *("--url", f"{hub.url}/hub/api", "--header", f"Authorization: token {token}"),
        *("--report", "json", "--report-json-path", str(report), "--no-color", "--seed", "1"),
        *options,
    ]
    done = subprocess.run(
        command, cwd=document.parent, capture_output=True, text=True, timeout=LIMIT, check=False
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    return dict(json.loads(report.read_text()))


@pytest.fixture
def document(hub, tmp_path):
    """The document as the hub hands it out, in a file."""
    file = tmp_path / "openapi.json"
    file.write_text(requests.get(f"{hub.url}/hub/api/{OURS}/openapi.json", timeout=LIMIT).text)
    return file


def test_schemathesis_finds_nothing(hub, document):
    """Our routes do what the document says, whatever is sent."""
    hub.launch("eve", offer=RICH)
    token = Client(hub, "eve").token
    tags = ("--include-tag", "choosing", "--include-tag", "watching")
    run(hub, document, token, "--checks", CHECKS, *tags, "--max-examples", "30")
    hub.stop_server("eve")


def test_schemathesis_finds_nothing_as_an_administrator(hub, document):
    """The same for what others are not told."""
    hub.api("POST", "users/chief", json={"admin": True})
    token = Client(hub, "chief").token
    run(hub, document, token, "--checks", CHECKS, "--include-tag", "administration", *NO_LINKS)


def test_a_user_s_own_schema_says_exactly_what_is_accepted(hub, document):
    """With it in the place of the general one, what is valid is accepted and all else refused."""
    hub.api("POST", "users/fay")
    fay, told = Client(hub, "fay"), json.loads(document.read_text())
    schema = fay.get("offers").json()["schema"]
    # nothing was started yet, and there are several offers: to say nothing is not enough
    body = {"required": True, "content": {"application/json": {"schema": schema}}}
    told["paths"]["/multiplespawner/choice"]["post"]["requestBody"] = body
    document.write_text(json.dumps(told))
    checks = f"{CHECKS},positive_data_acceptance"
    operation = ("--include-operation-id", "check_choice")
    run(hub, document, fay.token, "--checks", checks, *operation, *NO_LINKS)


def test_what_is_logged_of_it_has_no_traceback(hub):
    """A refusal is no failure of ours: this runs last."""
    assert "Traceback" not in hub.log
    assert "Logging error" not in hub.log
