"""What a pool's hosts hold is asked again and again, and hosts that can't be asked are told of once."""

import logging

import pytest

from multiplespawner.adapters.outbound.providers.hosts.pool import HostsProvider
from multiplespawner.adapters.outbound.providers.hosts.settings import HostSettings, HostsSettings

CLOSED = 1
"""A port on which nothing listens."""


async def test_hosts_that_can_not_be_asked_are_told_of_once(tmp_path, caplog: pytest.LogCaptureFixture):
    """Each by its name, and again when there is another reason."""
    hosts = tuple(HostSettings(name, f"127.0.0.{n}", port=CLOSED) for n, name in enumerate(("one", "two"), 1))
    pool = HostsProvider(HostsSettings(hosts), tmp_path)

    def told() -> list[str]:
        messages = [record.getMessage() for record in caplog.records if "not known" in record.msg]
        caplog.clear()
        return [name for name in ("one", "two") for message in messages if name in message]

    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            assert await pool.list_owned("0" * 16) == ()
        assert told() == ["one", "two"]
        pool._unknown = {**pool._unknown, "two": "it had another reason"}
        await pool.list_owned("0" * 16)
        assert told() == ["two"]
