"""What an administrator says by traits or options."""

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
        """The SQLite file with the event log; None where it is in PostgreSQL."""
        if self.event_log.startswith(("postgresql:", "postgres:")):
            return None
        return Path(self.event_log or self.directory / "events.sqlite").expanduser()
