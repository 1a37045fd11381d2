"""What an administrator says by traits or options."""

import os
from pathlib import Path

from attrs import field, frozen


@frozen(kw_only=True)
class Settings:
    """Where things lie, as the administrator said by traits or options; empty means the default."""

    directory: Path
    event_log: str = field(default="", repr=False)
    """Path of an SQLite file or a postgresql:// URL, which may hold a password."""
    template_file: str = ""
    deployment_file: str = ""
    hub: str | None = ""
    """Whose sessions are driven: empty for the hub named in the directory, None for all hubs."""

    @property
    def log_file(self) -> Path | None:
        """The SQLite file with the event log, not a link to it; None where it is in PostgreSQL.

        What lies beside it is one for all who reach it by whatever name, as SQLite's own files are.
        """
        if self.event_log.startswith(("postgresql:", "postgres:")):
            return None
        file = Path(self.event_log or self.directory / "events.sqlite").expanduser()
        return Path(os.path.realpath(file))
