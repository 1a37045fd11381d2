"""What comes before there is anybody to tell; the rest is tried with real hosts."""

import asyncio
from typing import Any

from multiplespawner.ssh_spawner.ends import Near


class Wire(asyncio.Transport):
    """Is asked to read or not."""

    def __init__(self) -> None:
        super().__init__()
        self.reads, self.aborted = True, False

    def abort(self) -> None:
        self.aborted = True

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

    def abort(self) -> None:
        self.told.append("aborted")

    def write_eof(self) -> None:
        self.told.append("end")


class Begun:
    """A tunnel that leads nobody on by itself."""

    def begin(self, near: Any) -> None:
        """Later."""

    def ended(self, near: Any) -> None:
        """So be it."""


def test_what_comes_too_early_is_kept_in_order() -> None:
    """Some Pythons read on although they were asked not to; a request must not be lost for that."""
    near, wire, channel = Near(Begun()), Wire(), Channel()
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


def test_who_is_hung_up_on_while_being_led_on_is_not_led_on() -> None:
    """Not even with what was heard before: the port may be another account's."""
    near, wire, channel = Near(Begun()), Wire(), Channel()
    near.connection_made(wire)
    near.data_received(b"GET /secret")
    near.abort()
    near.led(channel)
    assert wire.aborted
    assert channel.told == ["aborted"]


def test_who_was_led_on_is_hung_up_on_at_both_ends() -> None:
    """At once, without what is still to be sent."""
    near, wire, channel = Near(Begun()), Wire(), Channel()
    near.connection_made(wire)
    near.led(channel)
    near.abort()
    assert wire.aborted
    assert channel.told == ["aborted"]
