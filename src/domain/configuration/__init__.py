"""Configuration: which files were in force when."""

from attrs import frozen

from .events import ConfigurationFact, ConfigurationLoaded

__all__ = ["ConfigurationFact", "ConfigurationLoaded", "Configured", "RecordLoaded", "decide", "evolve"]


@frozen
class Configured:
    """What was loaded last."""

    last: ConfigurationLoaded | None = None


@frozen
class RecordLoaded:
    """The files were read."""

    digest: str
    files: tuple[str, ...]
    result: str


def decide(command: RecordLoaded, state: Configured) -> tuple[ConfigurationFact, ...]:
    """A fact when something changed, none when the same was read again."""
    fact = ConfigurationLoaded(command.digest, command.files, command.result)
    return () if state.last == fact else (fact,)


def evolve(state: Configured, fact: ConfigurationFact) -> Configured:
    """The configuration after one more fact."""
    return Configured(fact)
