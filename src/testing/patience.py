"""Repeats what may be repeated."""

from collections.abc import Awaitable, Callable
from typing import ParamSpec, TypeVar

from ..application.ports.provider import ProviderError

P = ParamSpec("P")
T = TypeVar("T")


async def patiently(call: Callable[P, Awaitable[T]], *args: P.args, **kwargs: P.kwargs) -> T:
    """Make a call, up to three times more after errors that may be retried."""
    for _ in range(3):
        try:
            return await call(*args, **kwargs)
        except ProviderError as error:
            if not error.may_retry:
                raise
    return await call(*args, **kwargs)
