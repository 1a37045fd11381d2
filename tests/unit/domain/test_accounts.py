"""Under which unix account a notebook runs: everybody's own, and nobody's that has rights."""

import re

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from multiplespawner.domain.accounts import RESERVED, AccountNotPossible, UnixAccount

EXISTING, CREATE = UnixAccount("existing"), UnixAccount("create")
ADDUSER = re.compile(r"[a-z_][a-z0-9_-]{0,31}", re.ASCII)
"""What useradd of Debian, Ubuntu and EL takes."""

PARTS = (
    "a",
    "b",
    "7",
    "-",
    "_",
    ".",
    "@",
    "A",
    "Ä",
    "K",
    "{{",
    "'",
    '"',
    "\n",
    " ",
    "$",
    "nb-",
    "user",
    "root",
)
"""Signs that are taken for each other easily: the last letters of the third are no ASCII."""
USERS = st.text() | st.lists(st.sampled_from(PARTS), max_size=20).map("".join)
ACCOUNTS = st.from_regex(ADDUSER, fullmatch=True)


def account_of(rule: UnixAccount, user: str) -> str | None:
    """The user's account; None where that is refused."""
    try:
        return rule.of(user)
    except AccountNotPossible:
        return None


@pytest.mark.parametrize("rule", [EXISTING, CREATE])
@pytest.mark.parametrize("user", ["ann", "_x", "a", "a-b_c7", "a" * 32])
def test_who_has_a_name_that_can_be_an_accounts_gets_it(rule: UnixAccount, user: str) -> None:
    """Nothing is changed of it."""
    assert rule.of(user) == user


@pytest.mark.parametrize(
    "user",
    [
        "",
        "root",
        "Root",
        "a.b@uni.ch",
        "7up",
        "-rf",
        "a" * 33,
        "a b",
        "a\n",
        "ä",
        "{{x}}",
        "../x",
        "$(id)",
        "o'x",
    ],
)
def test_a_name_that_can_not_be_an_accounts_is_refused_or_made_another(user: str) -> None:
    """The refusal knows whom it is about; what is made looks like an account and is nobody's own name."""
    with pytest.raises(AccountNotPossible) as refused:
        EXISTING.of(user)
    made = CREATE.of(user)

    assert (refused.value.code, refused.value.user) == ("account_not_possible", user)
    assert ADDUSER.fullmatch(made)
    assert account_of(EXISTING, made) is None


@pytest.mark.parametrize("name", ["root", "www-data", "_apt", "sshd", "ubuntu", "ec2-user", "debian"])
def test_accounts_of_systems_and_images_are_nobodys(name: str) -> None:
    """Those of images may do anything without a password."""
    assert name in RESERVED
    assert account_of(EXISTING, name) is None
    assert CREATE.of(name) not in RESERVED


@given(USERS, st.sampled_from([*sorted(RESERVED), "ann"]))
def test_a_fixed_account_is_everybodys(user: str, name: str) -> None:
    """Whoever it is, and whatever account the administrator said."""
    assert UnixAccount("fixed", name).of(user) == name


@given(
    USERS | ACCOUNTS,
    USERS | ACCOUNTS,
    st.tuples(st.sampled_from([EXISTING, CREATE]), st.sampled_from([EXISTING, CREATE])),
)
@example("a.b", "a-b", (CREATE, CREATE))
@example("a.b@uni.ch", CREATE.of("a.b@uni.ch"), (CREATE, EXISTING))
@example("a.b@uni.ch", CREATE.of("a.b@uni.ch"), (CREATE, CREATE))
def test_no_two_users_share_an_account(one: str, other: str, rules: tuple[UnixAccount, UnixAccount]) -> None:
    """Also where two offers with different rules lead to the same machine."""
    assume(one != other)
    accounts = {account_of(rules[0], one), account_of(rules[1], other)} - {None}
    refused = [account_of(rule, user) for rule, user in zip(rules, (one, other), strict=True)].count(None)

    assert len(accounts) == 2 - refused


@given(USERS | ACCOUNTS)
def test_what_both_rules_give_a_user_is_the_same_account(user: str) -> None:
    """Whose name can be an account's has one home, whichever offer it is."""
    assert account_of(EXISTING, user) in (None, CREATE.of(user))


@given(USERS | ACCOUNTS | st.sampled_from(sorted(RESERVED)))
def test_every_account_is_valid_and_none_is_reserved(user: str) -> None:
    """For useradd, and as text in a shell, a path or a template."""
    for account in (CREATE.of(user), account_of(EXISTING, user)):
        assert account is None or ADDUSER.fullmatch(account)
        assert account not in RESERVED


def test_what_is_made_tells_users_apart_by_more_than_can_be_searched() -> None:
    """80 bits: who may choose a name of their own would find a second one to 48 within hours."""
    made = {CREATE.of(f"a.b{'.' * number}") for number in range(99)}

    assert len(made) == 99
    assert all(re.fullmatch(r"nb-a-b-[a-z2-7]{16}", account) for account in made)


@pytest.mark.parametrize(
    ("rule", "reserved", "may"),
    [
        (EXISTING, {"ops", "boss"}, False),
        (CREATE, {"ops"}, False),
        (UnixAccount("fixed", "ops"), {"ops"}, True),
        (EXISTING, {"other"}, True),
        (EXISTING, set(), True),
    ],
)
def test_only_fixed_may_be_an_account_that_configures(
    rule: UnixAccount, reserved: set[str], may: bool
) -> None:
    """A user who is called like it would get its rights."""
    assert rule.may_be("ops", reserved) is may
