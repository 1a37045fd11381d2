"""Runs of JupyterHub's own tests, each in a process of its own, as a user without rights."""

import json
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psutil
import pytest
from attrs import Factory, evolve, frozen

HERE = Path(__file__).parent
FIND_PROXY = HERE.parent.parent / "demo" / "find_proxy.py"
PROGRAMS = Path(sys.executable).parent
SITE = Path(find_spec("jupyterhub").origin).parent.parent
MODULES = ("spawner", "named_servers", "user", "orm", "api", "pages")
# A name of a module matches as well as that of a test: test_spawner and test_named_servers run whole.
SELECTION = "spawn or server or progress or options or stop or delete or token"
INI = """[pytest]
asyncio_mode = auto
asyncio_default_fixture_loop_scope = module
asyncio_default_test_loop_scope = module
"""
CHECK = """
import subprocess, sys
subprocess.run([sys.executable, "-c", "import jupyterhub, multiplespawner"], check=True)
subprocess.run([sys.argv[1], "--version"], check=True)
"""
TEST_LIMIT = 60  # seconds; the slowest takes 10 plainly
RUN_LIMIT = 1200  # seconds; two runs side by side on two cores took 270, and 530 with a load of 6 from others
ANSWER_LIMIT = 30  # seconds for a program to say its version on a busy machine


@frozen
class Outcomes:
    """What a run of the hub's tests gave; all by node id."""

    collected: frozenset[str]
    passed: frozenset[str]
    detail: dict[str, str] = Factory(dict)
    """Why a test did not pass, as pytest puts it; of one that never ran there is nothing."""
    left: tuple[str, ...] = ()
    """Names of processes that outlived the run."""

    def or_again(self, later: "Outcomes", tests: Iterable[str]) -> "Outcomes":
        """These outcomes, but for the tests that pass in a later run."""
        return evolve(self, passed=self.passed | (later.passed & set(tests)))

    def why_not(self, tests: Iterable[str]) -> str:
        """A report on those of the tests that did not pass."""
        return "\n\n".join(
            f"{test}\n{self.detail.get(test, 'never ended')}" for test in set(tests) - self.passed
        )


@frozen
class Runner:
    """How the tests are run on this machine."""

    unprivileged: list[str]
    """What goes before a command to take the rights from it; nothing where we have none ourselves."""
    proxy: Path

    def start(self, folder: Path, outer: str, selection: str) -> subprocess.Popen[bytes]:
        """Start the tests; what they write is in the folder, which they own."""
        (folder / "pytest.ini").write_text(INI)
        (folder / "tmp").mkdir()
        if self.unprivileged:
            for path in (folder, *folder.iterdir()):
                shutil.chown(path, "nobody")
        return subprocess.Popen(
            [sys.executable, HERE / "keeper.py", *self.unprivileged, *command(folder, selection)],
            cwd=folder,
            env=self.environment(folder, outer),
            stdin=subprocess.DEVNULL,
            stdout=(folder / "output").open("wb"),
            stderr=subprocess.STDOUT,
        )

    def environment(self, folder: Path, outer: str) -> dict[str, str]:
        """Nothing of ours but what the tests need."""
        return {
            "HOME": str(folder / "tmp"),
            "TMPDIR": str(folder / "tmp"),
            "LANG": "C.UTF-8",
            "PATH": os.pathsep.join(map(str, [self.proxy.parent, PROGRAMS, *os.get_exec_path()])),
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONPATH": str(HERE),
            "HUB_OWN_LIMIT": str(TEST_LIMIT),
            "HUB_OWN_OUTER": outer,
            "HUB_OWN_RESULTS": str(folder / "results"),
        }


def command(folder: Path, selection: str) -> list[Any]:
    """The pytest run, with no trace in the folder where the hub is installed."""
    files = [SITE / "jupyterhub" / "tests" / f"test_{module}.py" for module in MODULES]
    options = ["-q", "--tb=short", f"--basetemp={folder / 'tmp' / 'pytest'}", "-k", selection]
    plugins = ["-p", "behind_us", "-p", "no:cacheprovider", "-p", "no:warnings"]
    python = [sys.executable, "-m", "pytest", "-c", folder / "pytest.ini", f"--rootdir={SITE}"]
    return [*python, *plugins, *options, *files]


def read(folder: Path) -> Outcomes:
    """Sum up the file of outcomes; a run that ended early has only some."""
    results = folder / "results"
    lines = [json.loads(line) for line in results.read_text().splitlines()] if results.exists() else []
    phases, detail = defaultdict(dict), defaultdict(str)
    for line in lines:
        if test := line.get("test"):
            phases[test][line["when"]] = line["outcome"]
            detail[test] += line["detail"]
    return Outcomes(
        frozenset(test for line in lines for test in line.get("collected", ())),
        frozenset(test for test, seen in phases.items() if list(seen.values()) == ["passed"] * 3),
        dict(detail),
        tuple(process.name() for process in psutil.process_iter() if is_of(folder, process)),
    )


def is_of(folder: Path, process: psutil.Process) -> bool:
    """Whether a process has the run's environment; one of another user, which can't be read, has not."""
    try:
        return process.environ().get("TMPDIR") == str(folder / "tmp")
    except psutil.Error:
        return False


@contextmanager
def folders(count: int) -> Iterator[list[Path]]:
    """As many folders that any user can reach; gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="hub-own-") as parent:
        Path(parent).chmod(0o755)
        made = [Path(parent) / str(number) for number in range(count)]
        for folder in made:
            folder.mkdir()
        yield made


def run_side_by_side(runner: Runner, *wanted: tuple[str, str]) -> list[Outcomes]:
    """Run the tests once for each (outer function, selection); every port is one that the system gives."""
    until = time.monotonic() + RUN_LIMIT
    with folders(len(wanted)) as made:
        running = [runner.start(folder, *what) for folder, what in zip(made, wanted, strict=True)]
        for process in running:
            try:
                process.wait(max(0, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.terminate()
                process.wait()
        outcomes = [read(folder) for folder in made]
        for folder, outcome in zip(made, outcomes, strict=True):
            if not outcome.collected:
                pytest.fail((folder / "output").read_text()[-3000:])
        return outcomes


def ways_to_be_unprivileged() -> Iterator[list[str]]:
    """Commands that take the rights away, the least rights first.

    A Python or a checkout below a home that is closed to others needs the right to read files to be left.
    """
    if os.geteuid():
        yield []
        return
    nobody = pwd.getpwnam("nobody")
    drop = ["setpriv", f"--reuid={nobody.pw_uid}", f"--regid={nobody.pw_gid}", "--clear-groups"]
    yield drop
    for right in ("dac_read_search", "dac_override"):  # containers often have the second only
        yield [*drop, f"--inh-caps=-all,+{right}", f"--ambient-caps=-all,+{right}"]


def can_run(unprivileged: list[str], proxy: Path) -> bool:
    """Whether a program so started can start others: setpriv itself still has rights when it starts one."""
    asked = [*unprivileged, sys.executable, "-c", CHECK, proxy]
    try:
        return not subprocess.run(asked, capture_output=True, timeout=ANSWER_LIMIT, check=False).returncode
    except (OSError, subprocess.TimeoutExpired):
        return False
