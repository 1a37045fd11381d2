"""A name for this hub on the hosts that it sets up: several hubs may set up one host."""

import os
import secrets
from pathlib import Path

_FILE = "name_on_hosts"


def hub_name(directory: Path) -> str:
    """16 hex digits, made at first use and kept in the spawner's directory; blocks. Raises OSError."""
    file = directory / _FILE
    if not file.exists():
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write_once(file, secrets.token_hex(8))
    return file.read_text().strip()


def _write_once(file: Path, text: str) -> None:
    unfinished = file.with_name(f"{_FILE}.{secrets.token_hex(4)}")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "w") as writing:
        writing.write(text + "\n")
    try:
        # another process may have been first: then its name counts
        os.link(unfinished, file)
    except FileExistsError:
        pass
    finally:
        unfinished.unlink()
