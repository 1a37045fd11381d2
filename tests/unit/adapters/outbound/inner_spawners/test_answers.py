"""What the answers of spawners of any age and make mean."""

from typing import Any

import pytest
from jupyterhub.spawner import SpawnException
from tornado.gen import TimeoutError as TornadoTimeout
from tornado.web import HTTPError

from multiplespawner.adapters.outbound.inner_spawners.answers import (
    from_strict_json,
    polled,
    start_failed,
    strict_json,
    url_of,
)
from multiplespawner.application.ports.inner_spawner import Liveness, SpawnFailed


@pytest.mark.parametrize(
    ("answer", "secure", "url"),
    [
        ("http://10.0.0.1:8888", False, "http://10.0.0.1:8888"),
        ("https://host", True, "https://host"),
        (("127.0.0.1", 8888), False, "http://127.0.0.1:8888"),
        (("127.0.0.1", "8888"), True, "https://127.0.0.1:8888"),
        (["::1", 8888], False, "http://[::1]:8888"),
        (("[fe80::1]", 8888), False, "http://[fe80::1]:8888"),
    ],
)
def test_an_address_becomes_a_url(answer: Any, secure: bool, url: str) -> None:
    """A URL or a pair, of either address family; internal TLS makes it https."""
    assert url_of(answer, secure) == url


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (None, "inner_no_address"),
        (False, "inner_no_address"),
        ("", "inner_no_address"),
        (True, "inner_bad_address"),
        (("127.0.0.1", None), "inner_bad_address"),
        (("127.0.0.1", 0), "inner_bad_address"),
        (("127.0.0.1",), "inner_bad_address"),
        ((None, 8888), "inner_bad_address"),
        ("10.0.0.1:8888", "inner_bad_address"),
        ("http://host:port", "inner_bad_address"),
    ],
)
def test_what_is_no_address_is_an_error(answer: Any, code: str) -> None:
    """The hub would go on with nothing; we say no."""
    with pytest.raises(SpawnFailed) as error:
        url_of(answer, False)
    assert error.value.code == code


@pytest.mark.parametrize(
    ("answer", "liveness", "status"),
    [
        (None, Liveness.RUNNING, None),
        (0, Liveness.GONE, 0),
        (-9, Liveness.GONE, -9),
        (True, Liveness.GONE, 1),
        (float("nan"), Liveness.GONE, 0),
        ("ExitCode=137, Error='', FinishedAt=2026-11-25T18:00:00Z", Liveness.GONE, 137),
        ("gone", Liveness.GONE, 0),
        ({"exitCode": 3}, Liveness.GONE, 3),
    ],
)
def test_a_poll_is_read_as_the_hub_reads_it(answer: Any, liveness: Liveness, status: int | None) -> None:
    """None runs and anything else is gone, with the status if there is one to be found."""
    found = polled(answer)
    assert (found.liveness, found.status) == (liveness, status)


def test_a_state_goes_through_json_and_comes_back() -> None:
    """Bytes survive; what JSON lacks is null; the copy is no longer the spawner's own."""
    state: dict[str, Any] = {"id": 1, "raw": b"ab", "nan": float("nan"), "other": object(), "list": [1]}
    stored = strict_json(state)
    state["list"].append(2)
    assert from_strict_json(stored) == {"id": 1, "raw": b"ab", "nan": None, "other": None, "list": [1]}
    assert strict_json(None) == {}


class ForTheUser(Exception):
    """An error with a text for the user, as the hub knows it."""

    jupyterhub_message = "shown"

    def __init__(self, log: str, code: object = None) -> None:
        super().__init__(log)
        self.code = code


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (SpawnException("shown", reason="x", log_message="secret"), "inner_refused", "shown"),
        (HTTPError(400, "shown"), "inner_refused", "shown"),
        (HTTPError(400, "shown %s", "text"), "inner_refused", "shown text"),
        (HTTPError(400, "100 % shown"), "inner_refused", "100 % shown"),
        (HTTPError(400, reason="shown"), "inner_refused", "shown"),
        (ForTheUser("secret"), "inner_refused", "shown"),
        (ForTheUser("secret", code="no_python"), "no_python", "shown"),
        (ForTheUser("secret", code="secret"), "inner_refused", "shown"),
        (ForTheUser("secret", code="a secret_text"), "inner_refused", "shown"),
        (ForTheUser("secret", code=404), "inner_refused", "shown"),
        (TimeoutError("secret"), "inner_timeout", None),
        (TornadoTimeout("secret"), "inner_timeout", None),
        (RuntimeError("secret"), "inner_start_failed", None),
    ],
)
def test_only_what_is_meant_for_the_user_is_shown(error: Exception, code: str, message: str | None) -> None:
    """The text of any other exception may hold a token."""
    failed = start_failed(error)
    assert failed.code == code
    assert message in (None, failed.message)
    assert "secret" not in failed.message
