"""Lines come out whole, whatever pieces they come in, and no line takes more than its share."""

import time

import pytest

from multiplespawner.adapters.outbound.configurers.line_splitter import LONGEST, LineSplitter


def lines(*pieces: bytes) -> list[bytes]:
    """All lines of some pieces."""
    splitter = LineSplitter()
    return [line for piece in pieces for line in splitter.lines(piece)]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 100])
def test_pieces_are_put_together(size):
    """What has no end yet is not told."""
    text = b"one\n\ntwo three\nfour\n\nrest"
    pieces = [text[begin : begin + size] for begin in range(0, len(text), size)]
    assert lines(*pieces) == [b"one", b"", b"two three", b"four", b""]


@pytest.mark.parametrize("size", [1024, LONGEST, 4 * LONGEST])
def test_a_line_that_is_far_too_long_is_dropped(size):
    """Whole; the longest one that is kept, and those around it, are told."""
    longest = b"x" * LONGEST
    text = b"before\n" + longest + b"y\n" + longest + b"\nafter\n"
    pieces = [text[begin : begin + size] for begin in range(0, len(text), size)]
    assert lines(*pieces) == [b"before", longest, b"after"]


def test_a_line_without_an_end_takes_neither_memory_nor_time():
    """It is not put together anew with each piece."""
    splitter, piece, begun = LineSplitter(), b"x" * 65536, time.perf_counter()
    for _ in range(4096):
        assert list(splitter.lines(piece)) == []
    assert len(splitter._begun) <= LONGEST
    # 256 MiB, of which each byte is looked at once; putting all together anew would take minutes
    assert time.perf_counter() - begun < 5
