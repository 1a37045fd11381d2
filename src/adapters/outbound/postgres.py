"""Where a PostgreSQL database is and how to connect to it, for every family that can keep things there."""

from collections.abc import Mapping
from typing import Any, LiteralString, Self

from attrs import field, frozen

try:
    import psycopg
    from psycopg.conninfo import conninfo_to_dict
except ImportError as error:
    raise ImportError("PostgreSQL needs: pip install 'multiplespawner[postgres]'") from error

CONNECT_TIMEOUT = 2
"""Seconds for one attempt to connect."""

SETTINGS = {
    "application_name": "multiplespawner",
    "connect_timeout": str(CONNECT_TIMEOUT),
    # A peer that is gone without a word is noticed within 25 seconds (libpq's default is 2 hours).
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "25000",
}
DURABLE = "-c synchronous_commit=on -c idle_session_timeout=0"
"""What is committed is on the disk, and nobody is hung up on, whatever the server's defaults are."""

FOUNDING = 0x6D756C7469737061
"""Key of the advisory lock under which tables are made ("multispa")."""


@frozen
class PostgresAddress:
    """Parameters of libpq; shown without the password."""

    parameters: Mapping[str, Any] = field(repr=False)
    shown: str

    @classmethod
    def parse(cls, url: str) -> Self:
        """From `postgresql://user:password@host:port/database?sslmode=…`.

        Raises ValueError, whose message does not quote it.
        """
        if not url.startswith(("postgresql://", "postgres://")):
            raise ValueError("a PostgreSQL URL begins with postgresql://")
        try:
            given = conninfo_to_dict(url)
        except psycopg.Error:
            # libpq's message quotes the URL, and with it the password.
            raise ValueError("not a PostgreSQL URL: postgresql://user:password@host:port/database") from None
        options = f"{given.get('options') or ''} {DURABLE}".strip()
        host, port = given.get("host") or "the local socket", given.get("port") or 5432
        shown = f"postgresql://{host}:{port}/{given.get('dbname') or ''}"
        return cls({**SETTINGS, **given, "options": options}, shown)

    def __str__(self) -> str:
        return self.shown

    def connect(self) -> "psycopg.Connection[tuple[Any, ...]]":
        """A connection in auto-commit mode; blocks, raises psycopg.Error."""
        return psycopg.connect(**self.parameters, autocommit=True)


def has_table(connection: "psycopg.Connection[tuple[Any, ...]]", table: str) -> bool:
    """Whether the table exists in the schema `public`."""
    # Not to_regclass: within a transaction that answers from a cache which may not know of the table yet.
    query = "SELECT count(*) FROM pg_catalog.pg_tables WHERE schemaname = 'public' AND tablename = %s"
    row = connection.execute(query, (table,)).fetchone()
    return bool(row and row[0])


def make_table(
    connection: "psycopg.Connection[tuple[Any, ...]]", table: str, *statements: LiteralString
) -> None:
    """Run the statements in one transaction unless the table exists, one process at a time.

    Asks first: who may not create tables can still use those that an administrator made.
    """
    if has_table(connection, table):
        return
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (FOUNDING,))
        if not has_table(connection, table):
            for statement in statements:
                connection.execute(statement)
