"""A template's configurer and authenticator: parsed and checked, usable here or not."""

from collections.abc import Callable
from pathlib import Path as FilePath
from typing import Any

from ....application.ports.configuration import Component
from ....application.substitution import KNOWN, OPTION, other_braces
from .document import Document
from .lookups import NotAvailable
from .playbooks import with_playbooks
from .problems import Path, Problem, near, shown
from .walking import texts

NOT_YET = ("corc.configurer.AnsibleConfigurer", "corc.authenticator.SSHAuthenticator")
"""What this package will serve itself: the packages that had them don't work with today's JupyterHub."""


def component(
    document: Document,
    path: Path,
    said: dict[str, Any],
    find: Callable[[str], type],
    playbooks: tuple[FilePath, ...],
    report: list[Problem],
) -> tuple[Component | None, bool]:
    """The component (None if there is none) and whether the template can be used as far as it goes."""
    if not said:
        return None, True
    _check_braces(document, path, said, report)
    if "class" not in said:
        report.append(document.error(path, "no class", "class, or {} for none"))
        return None, False
    settings = {key: value for key, value in said.items() if key not in ("class", "kwargs")}
    settings = with_playbooks(document, path, settings, playbooks, report)
    made = Component(said["class"], settings | said.get("kwargs", {}))
    try:
        find(made.class_path)
    except NotAvailable as why:
        place = (*path, "class")
        later = f"{made.class_path} is not available in this version; a later one brings it built in."
        advice = later if made.class_path in NOT_YET else str(why)
        report.append(document.warning(place, made.class_path, "a class that can be used here", advice))
        return made, False
    return made, True


def _check_braces(document: Document, path: Path, said: Any, report: list[Problem]) -> None:
    names = (*KNOWN, f"{OPTION}NAME")
    expected = f"one of {', '.join(f'{{{name}}}' for name in names)}"
    for place, text in texts(said, path):
        report.extend(
            document.error(place, f"the placeholder {shown(braces)}", expected, near(braces[1:-1], names))
            for braces in other_braces(text)
        )
