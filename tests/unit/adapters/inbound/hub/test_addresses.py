"""Where a running server is, as the hub asks when it starts."""

from typing import Any

from outer_children import Quiet


async def test_the_address_is_known_though_the_hub_did_not_write_it_down(outer: Any) -> None:
    """A hub killed just after a start has a row without an address, and would wait in the wrong place."""
    one = outer()
    address = await one.start()
    row = one.server
    row.ip, row.port = "", 1
    assert address[1] != 1
    assert await one.get_url() == f"http://{address[0]}:{address[1]}{row.base_url}"
    await one.stop()


async def test_a_spawner_that_knows_better_is_asked(outer: Any, monkeypatch: Any) -> None:
    """Where its notebook has moved, its own word counts."""

    async def get_url(self: Any) -> str:
        return "http://moved:2/"

    one = outer()
    await one.start()
    monkeypatch.setattr(Quiet, "get_url", get_url)
    assert await one.get_url() == "http://moved:2/"
    await one.stop()
