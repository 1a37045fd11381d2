"""What a host writes comes in lines, whatever it writes and however it arrives."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multiplespawner.ssh_spawner.hearing import LINE, Lines, last_of
from ssh_streams import Stream


async def all_of(lines):
    """Until the end."""
    found = []
    while (line := await lines.next()) is not None:
        found.append(line)
    return found


@given(parts=st.lists(st.sampled_from([b"a", b"!", b"\n", b"bc\nd", b"\n\n", b"!e\n", b" \n"])))
def test_lines_are_those_that_were_written(parts):
    """However they are cut: those with the mark, and the last of the others."""
    lines = Lines(Stream(*parts), b"!")
    whole = b"".join(parts).split(b"\n")
    assert asyncio.run(all_of(lines)) == [line for line in whole if b"!" in line]
    others = [line for line in whole if b"!" not in line and line.strip()]
    assert lines.other == (others[-1] if others else b"")


async def test_of_a_line_without_end_only_the_last_is_kept():
    """Nobody can fill the hub's memory with it."""
    lines = Lines(Stream(*[b"x" * 65536] * 40, b"!\nmore"), b"!")
    assert [len(line) for line in await all_of(lines)] == [LINE + 1]
    assert lines.other == b"more"


async def test_others_get_to_run_whatever_is_written():
    """Also while there is always more to read."""
    hearing = asyncio.create_task(all_of(Lines(Stream(*[b"\n"] * 1000), b"!")))
    turns = 0
    while not hearing.done():
        turns += 1
        await asyncio.sleep(0)
    assert turns >= 1000


async def test_who_was_cancelled_goes_on_where_it_was():
    """Nothing is lost, and a line that was begun is whole."""
    lines = Lines(Stream(b"!on", asyncio.CancelledError(), b"e\n!two\n"), b"!")
    with pytest.raises(asyncio.CancelledError):
        await lines.next()
    assert await all_of(lines) == [b"!one", b"!two"]


@pytest.mark.parametrize("end", [b"", ConnectionResetError()])
async def test_the_last_that_was_said_is_told(end):
    """Also where the connection was lost then."""
    assert await last_of(Stream(b"abc" * 100, b"def", end), 4) == b"cdef"
