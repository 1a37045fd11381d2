"""A name for this hub on the hosts that it sets up: several hubs may set up one host."""

import os
import secrets
from pathlib import Path

from ..ssh.key_files import write_private

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
    try:
        write_private(unfinished, text + "\n")
        # another process may have been first: then its name counts
        os.link(unfinished, file)
    except FileExistsError:
        pass
    finally:
        unfinished.unlink(missing_ok=True)
