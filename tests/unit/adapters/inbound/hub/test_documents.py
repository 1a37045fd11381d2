"""The document that a deployment is made from has what users typed apart from what the files say."""

import json
from typing import Any

import pytest
from attrs import evolve

from houses import OFFER
from hub_in_memory import hub_user, outer_of
from multiplespawner.adapters.inbound.hub import documents
from multiplespawner.adapters.inbound.hub.documents import document_for
from multiplespawner.application.canonical_json import canonical_json
from multiplespawner.application.ports.configuration import Component, Recipe
from multiplespawner.application.ports.inner_spawner import Equipment
from multiplespawner.application.substitution import fill
from multiplespawner.bootstrap.hub import inner_spawner
from multiplespawner.domain.accounts import AccountNotPossible, UnixAccount
from multiplespawner.domain.offers import Choice
from multiplespawner.domain.values import Hardware, Selection

KEY = Component("a.Key", {"key_name": "{JUPYTERHUB_USER}_id"})
BOOK = Component("a.Book", {"options": {"host_variables": {"name": "{JUPYTERHUB_USER}", "to": "{endpoint}"}}})


async def document(
    user: str = "ann",
    kwargs: Any = None,
    account: UnixAccount | None = None,
    entered: bool = True,
    **choice: Any,
) -> dict[str, Any]:
    """The document of what a user chose."""
    offer = evolve(OFFER, unix_account=account)
    parts = (KEY, BOOK) if entered else (None, None)
    recipe = Recipe(offer, "hub_in_memory.AnyInner", kwargs or {}, *parts, {"hosts": []})
    selection = Selection(offer.id, **choice)
    made = await document_for(outer_of(hub_user(user)), Choice(offer, selection, {}), recipe, "token")
    return dict(made)


async def test_it_is_strict_json_and_has_all() -> None:
    """What it is made from again survives the private store."""
    made = await document(
        kwargs={"environment": {"A": "{endpoint}"}}, options=(("x", "{auth_key}"), ("y", 7))
    )

    assert json.loads(canonical_json(made)) == made
    assert made["kwargs"] == {"environment": {"A": "{endpoint}"}}
    assert (made["class"], made["token"]) == ("hub_in_memory.AnyInner", "token")
    assert made["provider_settings"] == {"hosts": []}
    assert made["authenticator"] == {"class": "a.Key", "settings": KEY.settings}
    assert made["configurer"] == {"class": "a.Book", "settings": BOOK.settings}


async def test_what_users_typed_is_kept_apart() -> None:
    """Settings are as the files have them, and names as they were typed, as texts."""
    made = await document(
        "{auth_key}", {"args": ["{option.x}"]}, UnixAccount("create"), options=(("x", "{endpoint}"), ("y", 7))
    )

    assert made["kwargs"] == {"args": ["{option.x}"]}
    assert made["names"]["JUPYTERHUB_USER"] == "{auth_key}"
    assert (made["names"]["option.x"], made["names"]["option.y"]) == ("{endpoint}", "7")


@pytest.mark.parametrize(
    "typed",
    ["{endpoint}", "{auth_key}", "{JUPYTERHUB_USER}", "{{lookup('pipe','id')}}", "$(id)", "'; id", "../../x"],
)
async def test_nothing_typed_is_ever_read_again(typed: str) -> None:
    """From the document to the notebook's settings and to the configurer's, before and after all is known."""
    rule = UnixAccount("fixed", "people")
    made = await document(
        typed,
        {"environment": {"U": "{JUPYTERHUB_USER}", "X": "{option.x}", "E": "{endpoint}"}},
        rule,
        options=(("x", typed),),
    )
    names = {**made["names"], "endpoint": "10.0.0.1", "auth_key": "ssh-ed25519 AAAA"}
    inner = await inner_spawner(outer_of(hub_user(typed))._settings, made, "token")
    first = dict(inner.child.environment)
    await inner.equip(Equipment(names))

    assert first == {"U": typed, "X": typed, "E": "{endpoint}"}
    assert inner.child.environment == {"U": typed, "X": typed, "E": "10.0.0.1"}
    told = fill(made["configurer"]["settings"], names)["options"]["host_variables"]
    assert told == {"name": typed, "to": "10.0.0.1"}


@pytest.mark.parametrize(
    ("user", "rule", "expected"),
    [
        ("ann", None, {"name": "ann", "mode": "existing"}),
        ("ann", UnixAccount("create"), {"name": "ann", "mode": "create"}),
        (
            "a.b@uni.ch",
            UnixAccount("create"),
            {"name": UnixAccount("create").of("a.b@uni.ch"), "mode": "create"},
        ),
        ("root", UnixAccount("fixed", "people"), {"name": "people", "mode": "fixed"}),
    ],
)
async def test_the_account_that_a_host_is_entered_by(
    user: str, rule: UnixAccount | None, expected: Any
) -> None:
    """Chosen once, when the session is asked for."""
    assert (await document(user, account=rule))["account"] == {**expected, "reserved": []}


@pytest.mark.parametrize("user", ["root", "a.b@uni.ch", "ubuntu", "{{x}}"])
async def test_who_can_have_no_account_is_refused(user: str) -> None:
    """Only where something is entered."""
    with pytest.raises(AccountNotPossible):
        await document(user)
    made = await document(user, entered=False)
    assert (made["account"], made["authenticator"], made["configurer"]) == ({}, None, None)


async def test_the_user_is_the_hubs() -> None:
    """Templates in use name it; the name may be another one when the spawner is made again."""
    assert (await document(kwargs={"user": "{JUPYTERHUB_USER}", "args": []}))["kwargs"] == {"args": []}
    assert (await document("ben", {"user": "ann"}))["kwargs"] == {"user": "ann"}


async def test_the_hardware_limits_the_notebook_unless_the_template_says_otherwise() -> None:
    """Under the names of JupyterHub; what was not chosen has none."""
    chosen = await document(hardware=Hardware(cpu=2, memory=0.5), kwargs={"cpu_limit": 1})

    assert chosen["kwargs"] == {"cpu_limit": 1, "mem_limit": 2**29}
    assert (await document())["kwargs"] == {}


async def test_names_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the hub says; where it listens everywhere, its host's name."""
    monkeypatch.setattr(documents.socket, "gethostname", lambda: "hub-host")
    outer = outer_of(hub_user("ann"))
    outer.hub.connect_ip = ""
    assert documents._address(outer) == "hub-host"
    for said, expected in (("0.0.0.0", "hub-host"), ("::", "hub-host"), ("10.1.2.3", "10.1.2.3")):
        outer.hub.connect_ip = said
        assert documents._address(outer) == expected
