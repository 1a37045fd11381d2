"""The name of a hub in the event log, kept in its directory."""

import os
from collections.abc import Callable
from pathlib import Path

NAME = "hub_id"
"""Name of the file."""


class HubIdUnusable(Exception):
    """The file with the hub's name says nothing; the message says what to do."""


def kept_hub_id(directory: Path) -> str | None:
    """The name that is kept in the directory; None if there is none. Raises HubIdUnusable, OSError."""
    file = directory / NAME
    try:
        kept = file.read_text().strip()
    except FileNotFoundError:
        return None
    if not kept:
        raise HubIdUnusable(
            f"{file} is empty. Write the hub's name into it: the event log has it as `hub` of "
            f"session.requested. Or delete the file if this hub never started a server."
        )
    return kept


def hub_id(directory: Path, fresh: Callable[[], str]) -> str:
    """The name that is kept in the directory, else a fresh one, kept there from now on.

    Of several processes that make one at once, one wins, and all get its name.
    """
    kept = kept_hub_id(directory)
    return kept if kept is not None else _keep(directory, fresh())


def _keep(directory: Path, name: str) -> str:
    draft = directory / f".{NAME}.{name}"
    try:
        with draft.open("w") as file:
            file.write(name)
            file.flush()
            os.fsync(file.fileno())
        # unlike renaming, linking leaves in place what another process has put there meanwhile
        os.link(draft, directory / NAME)
    except FileExistsError:
        return kept_hub_id(directory) or _keep(directory, name)
    finally:
        draft.unlink(missing_ok=True)
    return name
