"""Asks a resource for its Python before anything is done to it: Ansible has no clear words about that."""

import re
import shlex
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

Version = tuple[int, int]

CANDIDATES = (
    "/usr/bin/python3",
    *(f"python3.{minor}" for minor in range(14, 7, -1)),
    *("python3", "/usr/libexec/platform-python", "python2", "python"),
)
"""The distribution's own first, as only that one knows its packages; the last are there to be told of."""

_ASK = "import sys; print('multiplespawner %s %d.%d' % ((sys.executable,) + tuple(sys.version_info[:2])))"
_ANSWER = re.compile(r"^multiplespawner (/.+) (\d+)\.(\d+)\r?$", re.MULTILINE)
_MINIMUM = re.compile(r"^_PY_MIN = \((\d+), (\d+)\)", re.MULTILINE)
_AT_LEAST = (3, 8)
"""What ansible-core 2.17 to 2.19 want, where the installed one doesn't tell."""


def question(python: str | None) -> str:
    """A command for the resource that names its Pythons; only `python` where that is given."""
    asked = [python] if python else CANDIDATES
    each = "; ".join(f"{shlex.quote(one)} -c {shlex.quote(_ASK)} 2>/dev/null" for one in asked)
    # whatever the account's own shell is
    return f"/bin/sh -c {shlex.quote(each + '; exit 0')}"


def answers(text: str) -> list[tuple[str, Version]]:
    """Each Python that was named, with its version."""
    return [(path, (int(major), int(minor))) for path, major, minor in _ANSWER.findall(text)]


def suitable(found: Iterable[tuple[str, Version]], minimum: Version) -> str | None:
    """The first that is new enough."""
    return next((path for path, version in found if version >= minimum), None)


def minimum() -> Version:
    """What the installed ansible-core wants of a resource; from its source, as importing it takes long."""
    spec = find_spec("ansible")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        file = Path(folder, "module_utils", "basic.py")
        if file.is_file() and (found := _MINIMUM.search(file.read_text())):
            return int(found[1]), int(found[2])
    return _AT_LEAST
