"""Errors that tell a secret: the hub logs what a spawner raises, so these are not handed on."""

from collections.abc import Iterable, Iterator

SHORTEST = 8
"""Characters; anything shorter is found in any text."""


def tells(error: BaseException, secrets: Iterable[str]) -> bool:
    """Whether the text of an error, or of one that led to it, holds one of the secrets."""
    kept = [secret for secret in secrets if len(secret) >= SHORTEST]
    return any(secret in text for text in _texts(error) for secret in kept)


def _texts(error: BaseException) -> Iterator[str]:
    seen: set[int] = set()
    each: BaseException | None = error
    while each is not None and id(each) not in seen:
        seen.add(id(each))
        yield f"{each} {each.args!r}"
        each = each.__cause__ or each.__context__
