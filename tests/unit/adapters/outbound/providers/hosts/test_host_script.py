"""What our script does on a host, run on this machine by each shell that it has."""

import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from multiplespawner.adapters.outbound.providers.hosts.asking import Question
from multiplespawner.application.ports.provider import MARK

SHELLS = [["dash"], ["bash", "--posix"], ["busybox", "sh"], ["mksh"], ["ksh"]]
FAKE_GREP = "#!/bin/sh\ncase $* in '-q b') exit 1 ;; esac\nexec /bin/false\n"
"""As a grep that ends a line at its first NUL."""
FAKE_DATE = '#!/bin/sh\necho >>"$0.calls"\necho $(($(wc -l <"$0.calls") * 1000000))\n'
"""As of a clock that is set forward all the time."""
SLOW = "trap 'sleep 0.5; echo ended; exit' TERM; echo; while :; do sleep 0.1; done"

Run = Callable[..., list[str]]
Start = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture(params=[shell for shell in SHELLS if shutil.which(shell[0])], ids=lambda shell: shell[0])
def run(request: pytest.FixtureRequest, tmp_path: Path) -> Run:
    """Ask the script, with a home, perhaps programs of one's own and lines `before` it; gives its lines."""

    def asked(
        op: str,
        token: str = "",
        member: str = "gpu1",
        grace: int = 0,
        path: str = "",
        digest: str = "",
        before: str = "",
    ) -> list[str]:
        environment = {"HOME": str(tmp_path / "home"), "PATH": f"{path}:{os.environ['PATH']}".lstrip(":")}
        text = before + Question(op, member, token, grace, digest=digest).text
        (tmp_path / "home").mkdir(exist_ok=True)
        ran = subprocess.run(
            [*request.param, "-s"], input=text, env=environment, capture_output=True, text=True, timeout=60
        )
        assert ran.stderr == ""
        *lines, last = ran.stdout.splitlines()
        assert last == "multiplespawner done"
        return [line.removeprefix("multiplespawner ") for line in lines]

    return asked


@pytest.fixture
def token() -> str:
    """A mark that nobody else has."""
    return f"{uuid.uuid4().hex[:16]}-{uuid.uuid4().hex}"


@pytest.fixture
def start(token: str) -> Iterator[Start]:
    """Start a marked process."""
    started = []

    def begin(*command: str, mark: str = token, **variables: str) -> subprocess.Popen[bytes]:
        environment = {"A": f"{MARK}=no", "B": f"x\n{MARK}=no", **variables, MARK: mark}
        started.append(subprocess.Popen(command or ("sleep", "600"), env=environment, stdout=subprocess.PIPE))
        return started[-1]

    yield begin
    for process in started:
        process.kill()
        process.communicate(timeout=10)


def test_a_lease_is_made_told_and_dropped(run: Run, token: str, tmp_path: Path) -> None:
    """Twice is once; only its owner may look; nothing is left in the home."""
    for _ in range(2):
        assert run("lease", token) == [f"lease {token}"]
    assert run("leases") == [f"lease {token}"]
    for folder in (tmp_path / "home/.multiplespawner").rglob(""):
        assert folder.stat().st_mode & 0o777 == 0o700
    for _ in range(2):
        assert run("drop", token) == []
    assert run("leases") == []
    assert list((tmp_path / "home").iterdir()) == []


def test_dropping_one_leaves_the_other(run: Run, token: str) -> None:
    """Also of a token that begins alike."""
    run("lease", token)
    run("lease", f"{token}0")
    run("drop", token)
    assert run("leases") == [f"lease {token}0"]


def test_leases_in_a_shared_home_are_of_one_machine(run: Run, token: str, tmp_path: Path) -> None:
    """One that was not finished is anybody's, so that it is given back."""
    run("lease", token, member="gpu2")
    assert run("leases") == []
    assert run("leases", member="gpu2") == [f"lease {token}"]
    (tmp_path / "home/.multiplespawner/leases" / token / "member").write_text("")
    assert run("leases") == [f"lease {token}"]


def test_what_is_no_lease_is_not_told(run: Run, tmp_path: Path) -> None:
    """Whatever lies there."""
    leases = tmp_path / "home/.multiplespawner/leases"
    leases.mkdir(parents=True)
    (leases / "0-1").touch()
    for name in ("x y", "0-1\nmultiplespawner lease 0-2", "$(id)", "-rf"):
        (leases / name).mkdir()
    assert run("leases") == []


def test_a_folder_that_another_removes_meanwhile_is_made_again(run: Run) -> None:
    """It forgets the last that was applied at that very moment."""
    removed_once = 'mkdir() { command mkdir "$@"; [ "${once-}" ] || rmdir "$2"; once=1; }\n'
    run("keep", digest="1" * 64, before=removed_once)
    assert run("applied") == [f"applied {'1' * 64}"]


def test_what_was_applied_outlasts_leases(run: Run, token: str, tmp_path: Path) -> None:
    """Whatever members are called; only its owner may look; forgotten, nothing is left in the home."""
    one, two = "a" * 64, f"{'a' * 32}{'b' * 32}"
    run("lease", token)
    for digest in (one, two, one):
        assert run("keep", digest=digest) == []
    run("drop", token)
    assert sorted(run("applied", member="gpu2")) == [f"applied {one}", f"applied {two}"]
    for each in (tmp_path / "home/.multiplespawner").rglob("*"):
        assert each.stat().st_mode & 0o077 == 0
    for digest in (one, one, two):
        run("forget", digest=digest)
    assert run("applied") == []
    assert list((tmp_path / "home").iterdir()) == []


def test_what_begins_otherwise_is_another_recipe(run: Run) -> None:
    """It may be undone, also where the new one is only begun."""
    one, other = "a" * 64, "b" * 64
    run("keep", digest=one)
    run("keep", digest=other)
    assert run("applied") == [f"applied {other}"]
    run("forget", digest=one)
    assert run("applied") == []


def test_a_thousand_are_kept(run: Run, tmp_path: Path) -> None:
    """The last ones; what else lies there is not told."""
    run("keep", digest="0" * 64)
    (folder,) = (tmp_path / "home/.multiplespawner/applied").iterdir()
    for number in range(1000):
        file = folder / f"{number:064d}"
        file.touch()
        os.utime(file, (number + 1, number + 1))
    run("keep", digest="f".zfill(64))
    told = run("applied")
    assert len(told) == 1000
    assert f"applied {'f'.zfill(64)}" in told
    assert f"applied {0:064d}" not in told
    (folder / "x y").touch()
    assert run("applied") == told


def test_marked_processes_are_told(run: Run, start: Start, token: str) -> None:
    """By the mark that they were started with, whatever else is in their environment."""
    process = start()
    assert run("marked").count(f"process {token} {process.pid}") == 1
    assert not [line for line in run("marked") if line.startswith("process no")]


@pytest.mark.parametrize(("number", "says"), [(1000, True), (0, False)])
def test_who_is_not_root_says_so(run: Run, tmp_path: Path, number: int, says: bool) -> None:
    """What others run isn't seen then."""
    for name, line in (("id", f"echo {number}"), ("sudo", "exit 1")):
        (tmp_path / name).write_text(f"#!/bin/sh\n{line}\n")
        (tmp_path / name).chmod(0o755)
    assert ("own" in run("marked", path=str(tmp_path))) is says


def test_where_grep_knows_no_nul_all_processes_are_looked_at(
    run: Run, start: Start, token: str, tmp_path: Path
) -> None:
    """Slower, and the same."""
    (tmp_path / "grep").write_text(FAKE_GREP)
    (tmp_path / "grep").chmod(0o755)
    process = start()
    assert f"process {token} {process.pid}" in run("marked", path=str(tmp_path))


@pytest.mark.parametrize("mark", ["", "no", "0-1 0", "0-1\nprocess 0-2 1", "$(id)"])
def test_what_is_no_token_is_not_told(run: Run, start: Start, mark: str) -> None:
    """Anybody may start a process with anything."""
    process = start(mark=mark)
    assert not [line for line in run("marked") if line.endswith(f" {process.pid}") or "0-2" in line]


def test_all_that_carry_a_mark_end(run: Run, start: Start, token: str) -> None:
    """One by itself, one that doesn't listen, and one that starts another when told; others go on."""
    stubborn = start("sh", "-c", "trap '' TERM; echo; while :; do sleep 1; done")
    heir = start(sys.executable, "-c", HEIR)
    for process in (stubborn, heir):
        assert process.stdout
        assert process.stdout.readline()
    mine, other = start(), start(mark=f"{token}0")
    assert run("end", token, grace=1) == []
    assert [process.wait(10) is not None for process in (stubborn, heir, mine)]
    assert not [line for line in run("marked") if line.startswith(f"process {token} ")]
    assert other.poll() is None
    assert run("end", token) == []


def test_a_clock_that_is_set_takes_nobodys_time_to_end(
    run: Run, start: Start, token: str, tmp_path: Path
) -> None:
    """Nobody is killed before."""
    (tmp_path / "date").write_text(FAKE_DATE)
    (tmp_path / "date").chmod(0o755)
    slow = start("sh", "-c", SLOW)
    assert slow.stdout
    assert slow.stdout.readline()
    run("end", token, grace=5, path=str(tmp_path))
    assert slow.stdout.read() == b"ended\n"


def test_a_folder_that_a_process_names_goes_with_it(
    run: Run, start: Start, token: str, tmp_path: Path
) -> None:
    """With all that is in it, but not what a link in it leads to."""
    folder, kept = tmp_path / "run" / token, tmp_path / "kept"
    folder.mkdir(parents=True)
    kept.mkdir()
    (kept / "file").touch()
    (folder / ".hidden").touch()
    (folder / "-rf").mkdir()
    (folder / "-rf" / "deep").touch()
    (folder / "link").symlink_to(kept)
    start(JUPYTERHUB_SSH_RUN=str(folder))
    run("end", token)
    assert not folder.exists()
    assert (kept / "file").exists()


@pytest.mark.parametrize(
    "named",
    [
        "{0}/kept",
        "{0}/kept/",
        "{0}/x/../kept",
        "{0}/x/../../{1}",
        "{0}/link/{1}",
        "kept",
        "",
        "/",
        "{0}/a b/{1}",
    ],
)
def test_other_folders_that_a_process_names_stay(
    run: Run, start: Start, token: str, tmp_path: Path, named: str
) -> None:
    """Such as those that don't end with the token, and links."""
    for folder in ("kept", "x", "link", f"a b/{token}"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "kept" / "file").touch()
    (tmp_path / "link" / token).symlink_to(tmp_path / "kept")
    start(JUPYTERHUB_SSH_RUN=named.format(tmp_path, token))
    run("end", token)
    assert (tmp_path / "kept" / "file").exists()
    assert (tmp_path / "a b" / token).exists()


def test_the_way_by_which_we_came_is_spared(token: str, tmp_path: Path) -> None:
    """An sshd that was started from a notebook carries its mark; what it starts for us does not."""
    text = Question("end", "gpu1", token).text
    environment = {**os.environ, "HOME": str(tmp_path), MARK: token}
    ran = subprocess.run(
        ["sh", "-c", f"unset {MARK}; sh -s; echo and on"],
        input=text,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ran.stdout.splitlines() == ["multiplespawner done", "and on"]


def test_half_a_script_does_nothing(tmp_path: Path, token: str) -> None:
    """The connection may be lost while it is sent."""
    text = Question("lease", "gpu1", token).text
    half = text[: text.rindex("main")]
    ran = subprocess.run(
        ["sh", "-s"], input=half, env={"HOME": str(tmp_path)}, capture_output=True, text=True, timeout=60
    )
    assert ran.stdout == ""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("token", ["x", "0-1'; id; '", "../../x", "0-1\n", "$(id)"])
def test_what_is_no_token_reaches_no_shell(token: str) -> None:
    """It is our own mistake then."""
    with pytest.raises(ValueError, match="token"):
        _ = Question("lease", "gpu1", token).text


HEIR = """
import os, signal, subprocess, time
def leave(*_):
    subprocess.Popen(["sleep", "600"], start_new_session=True)
    os._exit(0)
signal.signal(signal.SIGTERM, leave)
print("ready", flush=True)
time.sleep(600)
"""
