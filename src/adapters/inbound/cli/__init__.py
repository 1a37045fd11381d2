"""The command line: what an administrator runs in a terminal or in CI."""

import sys


def main() -> None:
    """Run `multiplespawner`; leaves with the command's exit status."""
    from .app import app

    for stream in (sys.stdout, sys.stderr):
        # a terminal that can't write a character gets an escape, not a traceback
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    app()
