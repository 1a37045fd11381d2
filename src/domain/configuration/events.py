"""What can happen to the configuration."""

from attrs import frozen


@frozen
class ConfigurationLoaded:
    """The administrator's files were read."""

    digest: str
    """SHA-256 of what they say; that of the last good one when `result` is `refused`."""
    files: tuple[str, ...]
    result: str
    """`accepted` or `refused`."""


ConfigurationFact = ConfigurationLoaded
