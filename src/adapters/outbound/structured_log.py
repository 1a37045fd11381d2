"""Structured logs: a line for each fact, and one for each trouble of ours."""

import logging
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any, TextIO

import structlog

from ...application.failures import kinds
from ...application.ports.event_log import Record
from ...application.views.contexts import Contexts

LOGGER = "multiplespawner"
"""Name above those of all our loggers."""


class StructuredLog:
    """Writes lines as `json` or for a `console`; the hub's own log is left as it is."""

    def __init__(self, format_: str, contexts: Contexts, stream: TextIO | None = None) -> None:
        self._contexts = contexts
        self._stream = stream or sys.stderr
        self._renderer = _renderer(format_, self._stream)
        self._facts = structlog.wrap_logger(
            structlog.WriteLogger(self._stream), processors=[structlog.stdlib.add_log_level, self._renderer]
        )

    def tell(self, records: tuple[Record, ...]) -> None:
        """Write a line for each record."""
        for record in records:
            context, seconds = self._contexts.of(record)
            told = {
                "session": context.session,
                "resource": context.resource,
                "deployment": context.deployment,
                "user": context.user,
                "provider": context.provider,
                "duration": None if seconds is None else round(seconds, 3),
                **_details(record),
            }
            known = {name: value for name, value in told.items() if value is not None}
            self._facts.info(record.name, time=record.time.isoformat(), actor=record.actor, **known)

    def take_troubles(self) -> None:
        """Have what our loggers say written in the same form, once a process."""
        logger = logging.getLogger(LOGGER)
        if any(isinstance(handler, _Handler) for handler in logger.handlers):
            return
        handler = _Handler(self._stream)
        before: list[Any] = [
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
        ]
        handler.setFormatter(
            structlog.stdlib.ProcessorFormatter(
                processors=[
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    _tell_kinds,
                    self._renderer,
                ],
                foreign_pre_chain=before,
            )
        )
        logger.addHandler(handler)
        logger.propagate = False


class _Handler(logging.StreamHandler[TextIO]):
    """Ours, so that it is found again."""


def _tell_kinds(_logger: Any, _method: str, told: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """Tell an exception by its kinds: its words, and a traceback's source lines, can hold a secret."""
    told.pop("stack_info", None)
    match told.pop("exc_info", None):
        case (_, BaseException() as error, _):
            told["failure"] = kinds(error)
    return told


def _details(record: Record) -> Mapping[str, Any]:
    """What of a fact helps to read the log: reasons and codes."""
    names = ("reason", "why", "code", "step", "attempt", "status", "result")
    return {name: value for name in names if (value := getattr(record.fact, name, None)) is not None}


def _renderer(format_: str, stream: TextIO) -> Any:
    if format_ == "console":
        return structlog.dev.ConsoleRenderer(colors=stream.isatty())
    return structlog.processors.JSONRenderer()
