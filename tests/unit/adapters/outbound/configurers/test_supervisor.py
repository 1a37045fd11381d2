"""Whatever a command starts ends with it."""

import asyncio
import sys
import time
from pathlib import Path

import psutil
import pytest

from multiplespawner.adapters.outbound.configurers.supervised import Orders, Supervised
from multiplespawner.adapters.outbound.configurers.supervisor import NO_PROGRAM, STOPPED, TIMED_OUT

# leaves its session and its parent, ignores what it can ignore, and says who it is
STRAY = """
import os, signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
signal.signal(signal.SIGHUP, signal.SIG_IGN)
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        print(os.getpid(), flush=True)
        time.sleep(600)
    os._exit(0)
os.wait()
"""


def orders(folder: Path, program: str, seconds: float = 60, **more) -> Orders:
    """A program of Python."""
    return Orders((sys.executable, "-c", program), {}, seconds, folder, **more)


async def first_line(running: Supervised) -> int:
    """The number that it says first."""
    async for line in running.lines():
        return int(line)
    raise AssertionError("it said nothing")


async def test_a_command_is_told_of_as_it_is(tmp_path):
    """What it says, line by line, its errors and its status."""
    program = "import sys; print('one'); print('two', end=''); print('bad', file=sys.stderr); sys.exit(3)"
    running = await Supervised.start(orders(tmp_path, program))
    assert [line async for line in running.lines()] == [b"one"]
    assert (await running.ended(), running.errors) == (3, b"bad\n")


@pytest.mark.parametrize("keeps_running", [True, False])
async def test_strays_end_with_the_command(tmp_path, keeps_running):
    """Also those that are nobody's children any more, whether it ends by itself or is stopped."""
    running = await Supervised.start(orders(tmp_path, STRAY + ("time.sleep(600)" if keeps_running else "")))
    stray = psutil.Process(await first_line(running))
    if keeps_running:
        await running.stop()
    status = await running.ended()
    assert not stray.is_running()
    assert status == (STOPPED if keeps_running else 0)


async def test_the_time_limit_ends_it(tmp_path):
    """Though it ignores being asked."""
    running = await Supervised.start(orders(tmp_path, STRAY + "time.sleep(600)", seconds=1))
    stray = psutil.Process(await first_line(running))
    assert await running.ended() == TIMED_OUT
    assert not stray.is_running()


async def test_it_ends_with_us(tmp_path):
    """When our end of its input is gone, it ends everything and removes the folders."""
    run, more = tmp_path / "run", tmp_path / "more"
    for folder in (run, more):
        folder.mkdir()
    running = await Supervised.start(orders(run, STRAY + "time.sleep(600)", remove=(run, more)))
    stray = psutil.Process(await first_line(running))
    running._process.stdin.close()
    assert await running.ended() == STOPPED
    assert not stray.is_running()
    assert not run.exists()
    assert not more.exists()


async def test_a_farewell_is_said_only_when_it_is_cut_short(tmp_path):
    """And then before the last of it ends; it hears since when what ran here."""
    before = time.time()
    noting = f"import sys; open({str(tmp_path / 'said')!r}, 'w').write(' '.join(sys.argv[1:]))"
    farewell = (sys.executable, "-c", noting)
    whole = await Supervised.start(orders(tmp_path, "print(1)", farewell=farewell))
    await first_line(whole)
    await whole.ended()
    assert not (tmp_path / "said").exists()
    short = await Supervised.start(orders(tmp_path, STRAY + "time.sleep(600)", farewell=farewell))
    stray = await first_line(short)
    await short.stop()
    begun, *processes = (tmp_path / "said").read_text().split()
    assert before < float(begun) < time.time()
    assert str(stray) in processes


@pytest.mark.parametrize(("status", "said"), [(0, [b"opening", b"command"]), (3, [b"opening"])])
async def test_what_opens_comes_first(tmp_path, status, said):
    """Where it fails, the command is not run."""
    opening = (sys.executable, "-c", f"import sys; print('opening'); sys.exit({status})")
    running = await Supervised.start(orders(tmp_path, "print('command')", opening=opening))
    assert [line async for line in running.lines()] == said
    assert await running.ended() == status


async def test_a_program_that_is_missing_has_a_status_of_its_own(tmp_path):
    """As in a shell."""
    running = await Supervised.start(Orders(("/no/such",), {}, 60, tmp_path))
    assert [line async for line in running.lines()] == []
    assert (await running.ended(), running.errors) == (NO_PROGRAM, b"/no/such: No such file or directory\n")


async def test_a_start_that_is_cancelled_leaves_nothing(tmp_path):
    """At whichever moment."""
    for turns in range(12):
        starting = asyncio.ensure_future(Supervised.start(orders(tmp_path, "import time; time.sleep(600)")))
        for _ in range(turns):
            await asyncio.sleep(0)
        starting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await starting
        assert not [
            each for each in psutil.Process().children() if "supervisor.py" in " ".join(each.cmdline())
        ]


async def test_stopping_is_not_interrupted(tmp_path):
    """Who cancels it hears so when it is done."""
    running = await Supervised.start(orders(tmp_path, STRAY + "time.sleep(600)"))
    stray = psutil.Process(await first_line(running))
    stopping = asyncio.ensure_future(running.stop())
    await asyncio.sleep(0)
    stopping.cancel()
    with pytest.raises(asyncio.CancelledError):
        await stopping
    assert not stray.is_running()


async def test_orders_are_for_us_alone(tmp_path):
    """They name files and programs of ours."""
    running = await Supervised.start(orders(tmp_path, "print(1)"))
    (file,) = tmp_path.glob("orders-*.json")
    assert file.stat().st_mode & 0o077 == 0
    await running.stop()
