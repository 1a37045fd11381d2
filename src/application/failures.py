"""A step that failed, as its performer tells the driver, and any failure as logs may tell of it."""

import traceback
from collections.abc import Iterator
from pathlib import PurePath

from ..domain.values import Failure
from .ports.inner_spawner import SpawnFailed
from .ports.provider import ProviderError


class StepFailed(Exception):
    """The call of a step failed; `may_retry` says whether the same call can succeed later."""

    def __init__(
        self,
        step: str,
        code: str,
        message: str,
        *,
        may_retry: bool = False,
        task: str | None = None,
        host: str | None = None,
    ) -> None:
        super().__init__(message)
        self.failure = Failure(step, code, message, task, host)
        self.may_retry = may_retry


_PROVIDER_WORDS = {
    "quota_exceeded": "The provider does not allow more of these now.",
    "out_of_capacity": "The provider has none of these left now.",
    "provider_auth_failed": "The provider does not accept the hub's credentials.",
    "invalid_spec": "The provider does not have what was chosen.",
    "provider_unavailable": "The provider could not be reached.",
}
"""For users, by code; what the provider itself said is for administrators."""


def of_provider(error: ProviderError) -> StepFailed:
    """A provider's error in words for the user."""
    words = error.words or _PROVIDER_WORDS.get(error.code, "The provider reported an error.")
    return StepFailed("provision", error.code, words, may_retry=error.may_retry)


def of_spawner(error: SpawnFailed) -> StepFailed:
    """An inner spawner's error; its message is made for the user already."""
    return StepFailed("start", error.code, error.message)


def kinds(error: BaseException) -> str:
    """The types of an error and of its causes, each with its place: `A at a/b.py:3 < B at c/d.py:5`.

    For logs: what an error says, and the source that a traceback quotes, can hold a secret of those that
    made it; a type and a place can't.
    """
    return " < ".join(_kind(each) for each in _chain(error))


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    each: BaseException | None = error
    while each is not None and id(each) not in seen:
        seen.add(id(each))
        yield each
        each = each.__cause__ or (None if each.__suppress_context__ else each.__context__)


def _kind(error: BaseException) -> str:
    name = type(error).__qualname__
    if isinstance(error, BaseExceptionGroup):
        name += f"({', '.join(kinds(each) for each in error.exceptions)})"
    frames = list(traceback.walk_tb(error.__traceback__))
    if not frames:
        return name
    frame, line = frames[-1]
    return f"{name} at {'/'.join(PurePath(frame.f_code.co_filename).parts[-2:])}:{line}"
