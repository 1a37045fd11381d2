"""Checks the secrets of a file: those that can't be had, and those that stand there in plain text."""

import re
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path as FilePath
from typing import Any

from ....application.substitution import placeholders
from .document import Document
from .problems import Path, Problem, kind
from .secret_values import REFERENCE, is_reference
from .walking import nodes

PLAIN = "a secret in plain text"
_SECRET_KEY = re.compile(
    r"(^|[_-])(token|password|passwd|passphrase|secret|credentials?|(private|api|access|secret)_?key)$",
    re.IGNORECASE,
)


def check_secrets(
    document: Document, path: Path, value: Any, environ: Mapping[str, str]
) -> Iterator[Problem]:
    """What is to be said of the secrets in one value."""
    for place, inner in nodes(value, path):
        if is_reference(inner):
            yield from _check_reference(document, place, inner["secret"], environ)
        elif isinstance(inner, dict):
            for key, each in inner.items():
                if _SECRET_KEY.search(key) and isinstance(each, str) and each and not is_reference(inner):
                    yield document.warning(
                        (*place, key),
                        PLAIN,
                        'a reference such as {"secret": "env:NAME"} or {"secret": "file:/…"}',
                        "Move it to a file that only the hub's user may read.",
                    )


def _check_reference(
    document: Document, place: Path, reference: Any, environ: Mapping[str, str]
) -> Iterator[Problem]:
    found = REFERENCE.fullmatch(reference) if isinstance(reference, str) else None
    if found is None:
        # the value may be the secret itself, so it isn't shown
        yield document.error(place, f"a secret that is {kind(reference)}", '"env:NAME" or "file:/…"')
    elif chosen := next(placeholders(reference), None):
        # it is filled in before the secret is read: whoever chooses the value would choose the file
        yield document.error(
            place, f"a secret whose place depends on {{{chosen}}}", "a place that nobody can choose"
        )
    elif found["env"] and found["env"] not in environ:
        yield document.warning(
            place, f"no variable {found['env']} in this environment", "one that the hub has when it starts"
        )
    elif found["file"]:
        yield from _check_file(document, place, FilePath(found["file"]))


def _check_file(document: Document, place: Path, file: FilePath) -> Iterator[Problem]:
    try:
        mode = file.stat().st_mode
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", "not a path")
        yield document.warning(place, f"{file}: {why}", "a file that the hub's user may read")
        return
    if mode & stat.S_IROTH:
        yield document.warning(
            place,
            f"{file} can be read by everyone",
            "a file for the hub's user only",
            f"Do: chmod 600 {file}",
        )


def readable_by_others(document: Document) -> Problem | None:
    """What to say of a file that holds plain secrets; None if only its owner and group can read it."""
    try:
        mode = FilePath(document.file).stat().st_mode
    except OSError:
        return None
    if not mode & stat.S_IROTH:
        return None
    expected = "a file for the hub's user only, since it holds secrets"
    return document.warning((), "a file that everyone can read", expected, f"Do: chmod 600 {document.file}")
