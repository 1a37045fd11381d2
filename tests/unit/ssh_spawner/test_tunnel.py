"""What comes before there is anybody to tell; the rest is tried with real hosts."""

import asyncio
from typing import Any

from multiplespawner.ssh_spawner.tunnel import _Near


class Wire(asyncio.Transport):
    """Is asked to read or not."""

    def __init__(self) -> None:
        super().__init__()
        self.reads = True

    def pause_reading(self) -> None:
        self.reads = False

    def resume_reading(self) -> None:
        self.reads = True


class Channel:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[bytes | str] = []

    def write(self, data: bytes) -> None:
        self.told.append(data)

    def write_eof(self) -> None:
        self.told.append("end")


class Begun:
    """A tunnel that leads nobody on by itself."""

    def begin(self, near: Any) -> None:
        """Later."""


def test_what_comes_too_early_is_kept_in_order() -> None:
    """Some Pythons read on although they were asked not to; a request must not be lost for that."""
    near, wire, channel = _Near(Begun()), Wire(), Channel()  # type: ignore[arg-type]
    near.connection_made(wire)
    assert not wire.reads
    near.data_received(b"GET ")
    assert not wire.reads
    near.data_received(b"/")
    near.eof_received()
    near.led(channel)
    assert wire.reads
    near.data_received(b"more")
    assert channel.told == [b"GET ", b"/", "end", b"more"]
