"""Look at the configuration's files, and tell once what became of an edit."""

import logging

from attrs import define, field

from ..ports.configuration import Configuration, Configurations, Problem, Severity

_logger = logging.getLogger("multiplespawner.configuration")

_LEVELS = {Severity.ERROR: logging.ERROR, Severity.WARNING: logging.WARNING}


@define(eq=False)
class RefreshConfiguration:
    """Sees edits; each is told in the log of the process once, with all that is wrong with it."""

    configurations: Configurations
    _current: Configuration | None = field(default=None, init=False)
    """What was in force when it was told last; None before the first look."""
    _refused: Configuration | None = field(default=None, init=False)

    async def __call__(self) -> Configuration:
        """What is in force now: whoever chooses takes it once. Returns within about a second."""
        await self.configurations.refresh()
        current, refused = self.configurations.current, self.configurations.refused
        before, self._current = self._current, current
        was_refused, self._refused = self._refused, refused
        if before is None:
            _tell_start(current)
        elif current is not before:
            _tell_taken(current)
        if refused is None and was_refused is not None and current is before:
            _logger.info("The configuration says again what is in force.")
        elif refused is not None and refused is not was_refused:
            _tell_refused(refused, current)
        return current


def _tell_start(configuration: Configuration) -> None:
    _tell(configuration.problems)
    if configuration.errors:
        _logger.error(
            "The configuration has errors (%d): what is wrong is not offered, the rest is (%d offers). "
            "Correct it and try it with `multiplespawner check`: then it is in force at once.",
            len(configuration.errors),
            len(configuration.offers),
        )


def _tell_taken(configuration: Configuration) -> None:
    _logger.info("The configuration was edited and is in force (%d offers).", len(configuration.offers))
    _tell(configuration.problems)


def _tell_refused(refused: Configuration, current: Configuration) -> None:
    _tell(refused.problems)
    _logger.error(
        "The configuration was edited and has errors (%d): it is not used, what was in force before stays "
        "(%d offers). Correct it and try it with `multiplespawner check`: then it is in force at once.",
        len(refused.errors),
        len(current.offers),
    )


def _tell(problems: tuple[Problem, ...]) -> None:
    for problem in problems:
        where = f"{problem.file}:{problem.line}" if problem.line else problem.file
        said = (where, problem.path, problem.found, problem.expected, problem.suggestion)
        _logger.log(_LEVELS[problem.severity], "%s %s: found %s, expected %s. %s", *said)
