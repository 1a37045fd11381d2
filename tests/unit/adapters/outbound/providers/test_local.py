"""What the local provider sees and ends, with real processes."""

import json
import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event

import psutil
import pytest

from multiplespawner.adapters.outbound.providers import local, marked_processes
from multiplespawner.adapters.outbound.providers.local import LocalProvider, LocalSettings
from multiplespawner.application.ports.provider import MARK, InvalidSpec, NotFound, ResourceSpec, Unavailable
from multiplespawner.domain.values import Amount, Hardware

Start = Callable[..., subprocess.Popen[str]]

IGNORES_SIGTERM = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("ready", flush=True)
time.sleep(600)
"""

STARTS_ANOTHER_WHEN_TOLD_TO_END = """
import os, signal, subprocess, sys, time
def leave(*_):
    subprocess.Popen(["sleep", "600"], start_new_session=True)
    os._exit(0)
signal.signal(signal.SIGTERM, leave)
print("ready", flush=True)
time.sleep(600)
"""

HAS_A_CHILD = """
import subprocess, sys
child = subprocess.Popen(["sleep", "600"])
print(child.pid, flush=True)
child.wait()
"""

HUB = """
import asyncio, json, os, subprocess, sys
from multiplespawner.adapters.outbound.providers.local import LocalProvider
from multiplespawner.application.ports.provider import Unavailable

async def main():
    proxy = subprocess.Popen(["sleep", "600"], start_new_session=True)
    provider, token = LocalProvider(), sys.argv[1]
    found = await provider.find(token) + await provider.list_owned(token.split("-")[0])
    refused = False
    for pid in (os.getpid(), os.getppid()):
        with open(f"/proc/{pid}/stat", "rb") as stat:
            ticks = stat.read().rpartition(b")")[2].split()[19].decode()
        try:
            await provider.destroy(f"{pid}@{ticks}")
        except Unavailable:
            refused = True
    print(json.dumps({"found": [i.id for i in found], "refused": refused, "proxy": proxy.poll()}), flush=True)
    proxy.kill()

asyncio.run(main())
"""


@pytest.fixture
def token() -> str:
    """A mark that nobody else uses."""
    return f"{uuid.uuid4().hex[:16]}-{uuid.uuid4().hex}"


@pytest.fixture
def provider() -> LocalProvider:
    """One that kills soon."""
    return LocalProvider(LocalSettings(terminate_timeout=5))


@pytest.fixture
def start(token: str) -> Iterator[Start]:
    """Starts a marked Python program; when the test ends, everything with the mark is killed."""
    started: list[subprocess.Popen[str]] = []

    def run(code: str, *args: str, **options: object) -> subprocess.Popen[str]:
        environment = {**os.environ, MARK: token}
        command = [sys.executable, "-c", code, *args]
        process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True, **options)  # type: ignore[call-overload]
        started.append(process)
        return process  # type: ignore[no-any-return]

    yield run
    for process in psutil.process_iter():
        try:
            if process.environ().get(MARK) == token:
                process.kill()
        except psutil.Error:
            continue
    for child in started:
        child.wait(10)


def ready(process: subprocess.Popen[str]) -> str:
    """The first line that a program prints."""
    assert process.stdout
    return process.stdout.readline().strip()


async def test_a_child_is_a_part(provider: LocalProvider, start: Start, token: str) -> None:
    """A kernel below a notebook belongs to it, and both go together."""
    parent = start(HAS_A_CHILD)
    child = ready(parent)
    (found,) = await provider.find(token)
    assert found.id.split("@")[0] == str(parent.pid)
    assert [part.id.split("@")[0] for part in found.parts] == [child]
    await provider.destroy(found.id)
    assert await provider.find(token) == ()
    assert not psutil.pid_exists(int(child)) or psutil.Process(int(child)).status() == psutil.STATUS_ZOMBIE


async def test_the_exit_status_stays_with_who_started_it(
    provider: LocalProvider, start: Start, token: str
) -> None:
    """The spawner that waits for its child still learns how it ended."""
    process = start("import time; print(1, flush=True); time.sleep(600)")
    ready(process)
    (found,) = await provider.find(token)
    await provider.destroy(found.id)
    assert process.wait(10) == -signal.SIGTERM


async def test_what_ignores_sigterm_is_killed(start: Start, token: str) -> None:
    """A process that won't end is ended."""
    process = start(IGNORES_SIGTERM)
    ready(process)
    provider = LocalProvider(LocalSettings(terminate_timeout=0.2))
    (found,) = await provider.find(token)
    await provider.destroy(found.id)
    assert process.wait(10) == -signal.SIGKILL


async def test_what_is_started_while_ending_is_ended_too(
    provider: LocalProvider, start: Start, token: str
) -> None:
    """A process that leaves another one behind does not escape."""
    ready(start(STARTS_ANOTHER_WHEN_TOLD_TO_END))
    (found,) = await provider.find(token)
    await provider.destroy(found.id)
    assert await provider.find(token) == ()


async def test_a_reused_pid_is_another_process(provider: LocalProvider, start: Start, token: str) -> None:
    """An id whose process started at another time is gone, and nothing is ended for it."""
    process = start("import time; print(1, flush=True); time.sleep(600)")
    ready(process)
    (found,) = await provider.find(token)
    other = f"{process.pid}@{int(found.id.split('@')[1]) - 1}"
    with pytest.raises(NotFound):
        await provider.get(other)
    await provider.destroy(other)
    assert process.poll() is None


@pytest.mark.parametrize("id_", ["", "x", "1", "1@", "@5", "-1@5", "99999999999@5", "1@5@6"])
async def test_an_id_of_another_form_is_gone(provider: LocalProvider, id_: str) -> None:
    """What can't be an id names nothing."""
    await provider.destroy(id_)
    with pytest.raises(NotFound):
        await provider.get(id_)


async def test_another_tree_with_the_mark_is_spared(
    provider: LocalProvider, start: Start, token: str
) -> None:
    """Destroying one of two instances with one mark leaves the other."""
    first = start("import time; print(1, flush=True); time.sleep(600)")
    ready(first)
    second = start("import time; print(1, flush=True); time.sleep(600)")
    ready(second)
    found = await provider.find(token)
    assert [instance.id.split("@")[0] for instance in found] == [str(first.pid), str(second.pid)]
    await provider.destroy(found[1].id)
    assert (first.poll(), second.wait(10)) == (None, -signal.SIGTERM)


def test_a_hub_inside_a_notebook_of_ours_is_never_matched(start: Start, token: str) -> None:
    """Neither the hub, nor its proxy, nor the notebook it was started from is found or ended."""
    notebook = "import subprocess, sys; subprocess.run([sys.executable, '-c', sys.argv[1], sys.argv[2]])"
    process = start(notebook, HUB, token)
    said = json.loads(ready(process))
    assert said == {"found": [], "refused": True, "proxy": None}
    assert process.wait(20) == 0


def test_a_detached_hub_with_the_mark_is_never_matched(start: Start, token: str) -> None:
    """A hub that outlived the notebook it was started from does not find itself or its proxy."""
    detach = (
        "import os, sys; os.fork() and os._exit(0); os.setsid(); "
        "os.execv(sys.executable, [sys.executable, '-c', *sys.argv[1:]])"
    )
    said = json.loads(ready(start(detach, HUB, token)))
    assert (said["found"], said["proxy"]) == ([], None)


def test_what_another_user_runs_is_passed_over_but_not_called_gone(
    start: Start, token: str, unavailable: Callable[[str], None]
) -> None:
    """An ordinary user doesn't see root's processes, and says so where it was told an id."""
    if os.geteuid() != 0:
        unavailable("only root can become another user")
    process = start("import time; print(1, flush=True); time.sleep(600)")
    ready(process)
    asked = f"""
import asyncio, os
from multiplespawner.adapters.outbound.providers.local import LocalProvider
from multiplespawner.adapters.outbound.providers.marked_processes import look
(id,) = [tree.root.id for tree in look().trees if tree.root.token == {token!r}]
os.setgroups([]); os.setgid(65534); os.setuid(65534)
provider = LocalProvider()
assert asyncio.run(provider.find({token!r})) == ()
try:
    asyncio.run(provider.destroy(id))
except Exception as error:
    print(type(error).__name__)
"""
    answer = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, timeout=60)
    assert answer.stdout.strip() == Unavailable.__name__, answer.stderr
    assert process.poll() is None


async def test_renting_is_not_its_trade(provider: LocalProvider, token: str) -> None:
    """The inner spawner starts the process."""
    with pytest.raises(InvalidSpec):
        await provider.ensure(token, ResourceSpec("bare_metal", Hardware()))


def test_limits_come_from_the_settings() -> None:
    """A maximum of sessions is an amount, none is no limit."""
    assert LocalProvider().limits() == ()
    assert LocalProvider(LocalSettings(maximum_sessions=3)).limits() == (Amount("sessions", 3),)


@pytest.mark.parametrize("wrong", [{"maximum_sessions": 0}, {"terminate_timeout": -1}, {"look_timeout": 0}])
def test_settings_are_validated(wrong: dict[str, float]) -> None:
    """What makes no sense is refused when it is read."""
    with pytest.raises(ValueError, match=next(iter(wrong))):
        LocalSettings(**wrong)  # type: ignore[arg-type]


async def test_a_look_that_hangs_is_unavailable(monkeypatch: pytest.MonkeyPatch, token: str) -> None:
    """A call is bounded in time, whatever the machine does."""
    over = Event()
    monkeypatch.setattr(local, "look", lambda: over.wait(30))
    with pytest.raises(Unavailable):
        await LocalProvider(LocalSettings(look_timeout=0.05)).find(token)
    over.set()


def test_a_process_that_changes_its_program_is_seen_all_the_time() -> None:
    """Its environment is empty for a moment at each change, and who looks then must not call it gone."""
    again = 'test "$1" = 0 || exec "$SHELL" -c "$0" "$0" $(($1 - 1)); sleep 600'
    environ = {"PATH": os.environ["PATH"], "SHELL": "/bin/sh", MARK: "a-b"}
    process = subprocess.Popen(["/bin/sh", "-c", again, again, "2000"], env=environ)
    try:
        seen = [marked_processes._marked(process.pid) for _ in range(500)]
    finally:
        process.kill()
        process.wait(10)
    assert None not in seen


def test_what_has_ended_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    """Linux denies the environment of a zombie to its own user too: that makes it nobody else's."""

    def denied(self: psutil.Process) -> dict[str, str]:
        raise psutil.AccessDenied(self.pid)

    ended = subprocess.Popen(["true"])
    try:
        stat = Path(f"/proc/{ended.pid}/stat")
        os.waitid(os.P_PID, ended.pid, os.WEXITED | os.WNOWAIT)
        ticks = stat.read_text().rpartition(")")[2].split()[19]
        monkeypatch.setattr(psutil.Process, "environ", denied)
        assert marked_processes.look().of(f"{ended.pid}@{ticks}") is None
    finally:
        ended.wait()
