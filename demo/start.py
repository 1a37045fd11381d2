"""Start a JupyterHub on 127.0.0.1 to try multiplespawner with, and say how to log in.

``python demo/start.py [--port 8000] [--state .demo] [anything for jupyterhub]``; the port and the two after
it are used. All that it writes lies in the state folder, which nobody else can read.
"""

import argparse
import fcntl
import os
import secrets
import socket
import sys
import time
from pathlib import Path
from threading import Thread
from urllib.error import URLError
from urllib.request import urlopen

from find_proxy import NotHere, find_proxy
from jupyterhub.app import JupyterHub

HERE = Path(__file__).resolve().parent
START_LIMIT = 180  # seconds until the hub should answer; a first start on a slow disk takes 30


def main() -> None:
    """Prepare the state folder and become the hub; exits with a sentence when something is in the way."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--port", type=port_number, default=8000)
    parser.add_argument("--state", type=Path, default=HERE.parent / ".demo")
    wanted, for_hub = parser.parse_known_args()
    state = wanted.state.absolute()
    state.mkdir(parents=True, exist_ok=True)
    state.chmod(0o700)
    _kept_open = the_only_one(state)
    check_ports(wanted.port, state)
    try:
        proxy = find_proxy(state / "proxy")
    except NotHere as problem:
        sys.exit(f"No proxy for JupyterHub could be had.\n{problem}")
    Thread(target=announce, args=(wanted.port, state, password(state)), daemon=True).start()
    run_hub(wanted.port, state, proxy, for_hub)


def port_number(text: str) -> int:
    """A port with two after it that an ordinary user may open."""
    port = int(text)
    if not 1024 <= port <= 65533:
        raise argparse.ArgumentTypeError(f"{port} is not from 1024 to 65533")
    return port


def the_only_one(state: Path) -> object:
    """Lock the state folder until the returned file is closed; exits if another demo has it."""
    lock = (state / "lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        sys.exit(f"A demo already runs with {state}. Stop that one first.")
    return lock


def check_ports(port: int, state: Path) -> None:
    """Exit with a sentence if a port is taken; the hub itself ends the proxy that a killed one left."""
    ports = [port + 2] if (state / "jupyterhub-proxy.pid").exists() else [port, port + 1, port + 2]
    for each in ports:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", each))
            except OSError:
                sys.exit(
                    f"Port {each} is taken (the demo uses {port} to {port + 2}). "
                    f"Choose others, for instance: make hub PORT={port + 1000 if port < 60000 else 9000}"
                )


def password(state: Path) -> str:
    """The demo's password, made on the first start."""
    file = state / "password"
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(9))
    return file.read_text().strip()


def announce(port: int, state: Path, its_password: str) -> None:
    """Say where to go, once the hub answers."""
    address = f"http://127.0.0.1:{port}"
    give_up = time.monotonic() + START_LIMIT
    # the hub first: asked too early, the proxy complains on the screen
    while not (answers(f"http://127.0.0.1:{port + 2}/hub/api") and answers(f"{address}/hub/api")):
        if time.monotonic() > give_up:
            print(f"The hub does not answer at {address}; see the messages above.", flush=True)
            return
        time.sleep(0.2)
    print(
        f"\n  JupyterHub is ready:  {address}\n"
        f"  Log in as             ada  or  grace\n"
        f"  with the password     {its_password}\n\n"
        f"  Only this machine can reach it. Its files, the event log among them, lie in {state}.\n"
        f"  Ctrl-C stops the hub and the notebooks.\n",
        flush=True,
    )


def answers(url: str) -> bool:
    """Whether something at this address, on this machine, says 200."""
    try:
        with urlopen(url, timeout=5) as reply:  # noqa: S310  always http
            return bool(reply.status == 200)
    except (URLError, OSError):
        return False


def run_hub(port: int, state: Path, proxy: Path, arguments: list[str]) -> None:
    """Turn this process into the hub; its own files (such as the proxy's pid) go to the state folder."""
    os.environ |= {
        "DEMO_STATE": str(state),
        "DEMO_PORT": str(port),
        "DEMO_PROXY": str(proxy),
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), *os.get_exec_path()]),
    }
    os.chdir(state)
    JupyterHub.launch_instance(["--config", str(HERE / "jupyterhub_config.py"), *arguments])


if __name__ == "__main__":
    main()
