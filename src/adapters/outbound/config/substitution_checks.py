"""Checks that every `{option.NAME}` names an option that the offer has."""

from collections.abc import Iterator

from ....application.substitution import OPTION, placeholders
from .document import Document
from .entries import Entry
from .problems import Path, Problem, near, shown
from .templates import Template
from .terms import Terms
from .walking import texts

PLACES = ("kwargs", "spawner", "configurer", "authenticator")
"""Keys of a template in which something is filled in."""


def unknown_options(template: Template, entry: Entry, fields: Terms) -> Iterator[Problem]:
    """Each placeholder for an option that neither the template nor the entry defines."""
    names = [option.name for option in fields.get("options", ())]
    said = {key: template.said[key] for key in PLACES if key in template.said}
    yield from _unknown(template.document, template.path, said, names)
    yield from _unknown(entry.document, entry.path, entry.attributes, names)


def _unknown(document: Document, path: Path, said: object, names: list[str]) -> Iterator[Problem]:
    for place, text in texts(said, path):
        for placeholder in placeholders(text):
            name = placeholder.removeprefix(OPTION)
            if name != placeholder and name not in names:
                yield document.error(
                    place,
                    f"the option {shown(name)}",
                    f"one of {', '.join(names)}" if names else "an option of the template or the entry",
                    near(name, names),
                )
