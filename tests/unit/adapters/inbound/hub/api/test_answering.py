"""Who is answered, and how trouble is told."""

import logging
from types import SimpleNamespace
from typing import Any

import pytest
from jupyterhub import orm
from jupyterhub.scopes import Scope
from tornado.web import HTTPError

from multiplespawner.adapters.inbound.hub.api.answering import OwnHandler, for_own_user
from multiplespawner.application.ports.event_log import LogDamaged, LogUnavailable
from multiplespawner.domain.offers import NoOffer

MINE = {"read:servers": {"user": {"ann"}}}


class Asked(OwnHandler):
    """A handler without a hub: answers nothing, or raises what it is given."""

    def __init__(self, who: Any, scopes: Any, trouble: Exception | None = None) -> None:
        self._jupyterhub_user = who
        self.parsed_scopes, self.expanded_scopes = scopes, set()
        self.request = SimpleNamespace(path="/hub/api/multiplespawner/offers")  # type: ignore[assignment]
        self.trouble = trouble
        self.answered = False

    db = None
    log = logging.getLogger("test")

    @for_own_user("read:servers")
    async def get(self) -> None:
        """Answer."""
        if self.trouble is not None:
            raise self.trouble
        self.answered = True


def user(name: str) -> Any:
    """Somebody who has signed in."""
    return SimpleNamespace(name=name)


@pytest.mark.parametrize("scopes", [MINE, {"read:servers": Scope.ALL}])
async def test_who_may_do_it_for_themselves_is_answered(scopes: Any) -> None:
    """Whoever else they may do it for."""
    asked = Asked(user("ann"), scopes)
    await asked.get()
    assert asked.answered


@pytest.mark.parametrize(
    ("who", "scopes", "status"),
    [
        (None, {}, 403),
        (user("ann"), {}, 403),
        (user("bob"), MINE, 404),
        (orm.Service(name="any"), {"read:servers": Scope.ALL}, 403),
    ],
    ids=["nobody", "without the scope", "only for another", "a service"],
)
async def test_who_may_not_is_told_so(who: Any, scopes: Any, status: int) -> None:
    """By the hub's own judge of scopes; a service is no user."""
    asked = Asked(who, scopes)
    with pytest.raises(HTTPError) as error:
        await asked.get()
    assert (error.value.status_code, asked.answered) == (status, False)


@pytest.mark.parametrize(
    ("trouble", "status", "reason"),
    [
        (NoOffer(), 400, "no_offer"),
        (LogUnavailable("away"), 503, None),
        (LogDamaged("broken"), 503, None),
    ],
)
async def test_trouble_has_a_status(trouble: Exception, status: int, reason: str | None) -> None:
    """A refusal is the user's to mend, and what is away may come back."""
    with pytest.raises(HTTPError) as error:
        await Asked(user("ann"), MINE, trouble).get()
    assert (error.value.status_code, error.value.reason) == (status, reason)
    assert error.value.__cause__ is trouble
