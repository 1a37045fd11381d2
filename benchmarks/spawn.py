"""How much we add to a start: POST to ready through us ÷ the same spawner directly, and ÷ wrapspawner's.

``python benchmarks/spawn.py [--pairs 30] [--notebooks 12]``: three real hubs, each with its proxy, run side
by side and start a server in turn; each start through us is compared with the two others of its turn. A
stand-in that is ready after some 50 ms shows what we add; JupyterHub's real single-user server what it is
worth.
"""

import argparse
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from itertools import cycle, islice, permutations
from pathlib import Path

from attrs import frozen

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "tests")]

from figures import Ratios, told  # noqa: E402

from e2e.hubs import STAND_IN, RealHub, local, real_hub  # noqa: E402 - found by the line above

INNER = "measured_spawners.SpawnerThatWaits"
CLASSES = {
    "us": "multiplespawner.MultipleSpawner",
    "direct": INNER,
    "wrapspawner": "measured_spawners.WrappedSpawner",
}
"""The hub's spawner class by what is compared."""

COMMANDS = {"stand-in": STAND_IN, "single-user server": [sys.executable, "-m", "jupyterhub.singleuser"]}

CONFIG = """
c.JupyterHub.spawner_class = "{spawner}"
c.Spawner.cmd = {command}
c.JupyterHub.tornado_settings = {{"slow_spawn_timeout": 120, "slow_stop_timeout": 120}}
c.Spawner.default_url = "/tree"
c.Spawner.args = {args}
c.Spawner.start_timeout = 120
c.Spawner.http_timeout = 120
"""
"""A POST is answered when the server is ready, not before."""


@frozen
class Kind:
    """One kind of hub."""

    name: str
    hub: RealHub

    def start_once(self) -> float:
        """Start a server and stop it again; seconds from POST to ready."""
        began = time.perf_counter()
        answer = self.hub.api("POST", "users/ann/server")
        took = time.perf_counter() - began
        if answer.status_code != 201:
            raise SystemExit(f"{self.name}: {answer.status_code} {answer.text}\n{self.hub.log[-3000:]}")
        self.hub.stop_server("ann")
        if self.name == "us":
            self.hub.wait("release", self.hub.nothing_is_held)
        return took


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=int, default=30, help="starts of the stand-in in each hub")
    parser.add_argument("--notebooks", type=int, default=12, help="starts of the real server in each hub")
    given = parser.parse_args()
    # so that hubs are ended by whoever started them, also when we are told to end
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    rows = []
    for (server, command), pairs in zip(COMMANDS.items(), (given.pairs, given.notebooks), strict=True):
        if pairs:
            rows += _rows(server, _measured(command, pairs))
    told("POST to ready", rows)


def _measured(command: Sequence[str], pairs: int) -> Mapping[str, Sequence[float]]:
    """Seconds of each start, by kind of hub."""
    with tempfile.TemporaryDirectory(prefix="spawn-") as folder, ExitStack() as ends:
        kinds = [ends.enter_context(_hub(name, Path(folder) / name, command)) for name in CLASSES]
        for kind in kinds:
            kind.start_once()  # the first one imports and fills caches
        found: dict[str, list[float]] = {kind.name: [] for kind in kinds}
        # each kind comes as often first, second and last: a stop's aftermath slows the next start
        for turn in islice(cycle(permutations(kinds)), pairs):
            for kind in turn:
                found[kind.name].append(kind.start_once())
    return found


@contextmanager
def _hub(name: str, folder: Path, command: Sequence[str]) -> Iterator[Kind]:
    """A hub of one kind, started."""
    args = ["--allow-root"] if "jupyterhub.singleuser" in command else []
    config = CONFIG.format(spawner=CLASSES[name], command=command, args=args)
    template = {**local("Local"), "spawner": {"class": INNER, "kwargs": {}}}
    paths = {"PYTHONPATH": f"{HERE}:{HERE.parent / 'tests'}"}
    folder.mkdir()
    with real_hub(folder, _proxy(), offers=([template],), config=config, environment=paths) as hub:
        hub.api("POST", "users/ann")
        yield Kind(name, hub)


def _proxy() -> Path:
    find = [sys.executable, HERE.parent / "demo" / "find_proxy.py"]
    return Path(subprocess.run(find, capture_output=True, text=True, check=True).stdout.strip())


def _rows(server: str, found: Mapping[str, Sequence[float]]) -> list[dict[str, object]]:
    return [
        _row(server, other, Ratios(tuple(found["us"]), tuple(found[other])))
        for other in found
        if other != "us"
    ]


def _row(server: str, other: str, ratios: Ratios) -> dict[str, object]:
    low, high = ratios.spread
    return {
        "server": server,
        "us ÷": other,
        "ratio": ratios.median,
        "quartiles": f"{low:.3f} to {high:.3f}",
        "added ms": ratios.added * 1000,
        "us ms": sorted(ratios.ours)[len(ratios.ours) // 2] * 1000,
        "other ms": sorted(ratios.theirs)[len(ratios.theirs) // 2] * 1000,
        "pairs": len(ratios.ours),
    }


if __name__ == "__main__":
    main()
