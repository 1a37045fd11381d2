"""A PostgreSQL URL is read without ever showing its password."""

import traceback

import pytest

from multiplespawner.adapters.outbound.postgres import PostgresAddress

CANARY = "canary-pg-password"


def test_shown_without_password() -> None:
    """Neither its text nor its repr has the password."""
    address = PostgresAddress.parse(f"postgresql://hub:{CANARY}@db.example.org:5433/log?sslmode=require")
    assert str(address) == "postgresql://db.example.org:5433/log"
    assert CANARY not in repr(address)
    assert address.parameters["password"] == CANARY
    assert address.parameters["sslmode"] == "require"


def test_options_are_kept() -> None:
    """What the URL asks of the server stays; durability is added to it."""
    address = PostgresAddress.parse("postgresql:///log?options=-c%20work_mem%3D8MB&connect_timeout=9")
    assert address.parameters["options"].startswith("-c work_mem=8MB -c synchronous_commit=on")
    assert address.parameters["connect_timeout"] == "9"


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://hub:{CANARY}@[::1/log",
        f"postgresql://hub:{CANARY}%zz@host/log",
        f"postgresql://hub:{CANARY}@host/log?nonsense=1",
        f"mysql://hub:{CANARY}@host/log",
        f"host=x password={CANARY}",
    ],
)
def test_bad_urls(url: str) -> None:
    """What is wrong with a URL is said without quoting it, in the traceback too."""
    with pytest.raises(ValueError, match="PostgreSQL URL") as error:
        PostgresAddress.parse(url)
    assert CANARY not in "".join(traceback.format_exception(error.value)).replace(f'"{url}"', "")
