"""Runs a command, by default pytest, and takes in processes that lose their parents meanwhile.

The tests kill hubs, and what a hub started is then the first process's to take in. As long as that has not
heard of its end, an ended process looks as if it ran, and everybody waits: the first process of some virtual
machines and containers looks every few seconds only (1.7 s were measured, at times 5), others never.
"""

import os
import signal
import subprocess
import sys

from hub_own.keeper import take_in, wait_and_reap


def main(command: list[str]) -> int:
    """The command's exit status, as a shell would say it."""
    # elsewhere the first process goes on taking them in
    if sys.platform == "linux":
        take_in()
    process = subprocess.Popen(command)
    # a terminal sends both of us its interrupt: the command decides what to make of it
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda number, _: os.kill(process.pid, number))
    code = wait_and_reap(process.pid)
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or [sys.executable, "-m", "pytest"]))
