"""Loads the configuration: both files, all that is wrong with them, and what can be offered."""

import json
import os
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from itertools import islice
from pathlib import Path as FilePath

from attrs import evolve, frozen

from ....application.ports.configuration import Configuration
from .document import Document
from .entries import read_entries
from .left_over import left_over
from .lookups import Lookups
from .offering import recipes
from .problems import ENOUGH, Path, Problem, Severity
from .reading import read
from .schema import DEPLOYMENTS, TEMPLATES, Schema
from .secret_checks import PLAIN, check_secrets, readable_by_others
from .structure import deviations, too_many
from .templates import TemplateReader


def load(
    template_file: FilePath,
    deployment_file: FilePath,
    lookups: Lookups,
    playbooks: tuple[FilePath, ...] = (),
    environ: Mapping[str, str] | None = None,
) -> Configuration:
    """Read and check both files; never raises for what stands in them. Blocks while it reads and imports.

    `playbooks`: folders in which a relative playbook is looked for after that of the template file.
    `environ`: in which secrets are looked for, os.environ when None.
    """
    report: list[Problem] = []
    # many templates name the same few providers, and a look-up reads the installed packages
    lookups = evolve(lookups, provider=cache(lookups.provider))
    known = os.environ if environ is None else environ
    templates = _checked(template_file, TEMPLATES, 1, known, report)
    deployments = _checked(deployment_file, DEPLOYMENTS, 2, known, report)
    reader = TemplateReader(templates.document, lookups, playbooks)
    read_all = reader.read(templates.skip, templates.flawed, report) if templates.readable else ()
    entries = (
        read_entries(deployments.document, deployments.skip, deployments.flawed, report)
        if deployments.readable
        else ()
    )
    made = recipes(read_all, entries, lookups, report)
    if templates.sound and deployments.sound:
        report.extend(left_over(read_all, entries))
    if len(report) > ENOUGH:
        report.append(too_many(templates.document))
    files = (str(template_file), str(deployment_file))
    digest = _digest(templates.document, deployments.document)
    return Configuration(digest, files, _in_order(report, files), made)


@frozen
class _Checked:
    document: Document
    readable: bool
    """Whether it has parts that can be looked at one by one."""
    skip: frozenset[Path] = frozenset()
    """Parts that have another structure than they should have."""
    flawed: frozenset[Path] = frozenset()
    """Parts in which something else is wrong: they are looked at, but nothing is offered of them."""

    @property
    def sound(self) -> bool:
        return self.readable and not self.skip


def _checked(
    file: FilePath, schema: Schema, depth: int, environ: Mapping[str, str], report: list[Problem]
) -> _Checked:
    """Read a file whose parts lie at a depth: a template at 1, an entry at 2."""
    document, problems = read(file)
    if document is None:
        report.extend(problems)
        return _Checked(Document(str(file), None), readable=False)
    secrets = tuple(check_secrets(document, (), document.value, environ))
    wrong = deviations(document, schema)
    others = (*problems, *secrets, *_if_readable(document, secrets))
    report.extend((*wrong, *others))
    return _Checked(
        document,
        readable=all(each.place for each in wrong),
        skip=frozenset(each.place[:depth] for each in wrong),
        flawed=frozenset(each.place[:depth] for each in others if each.severity is Severity.ERROR),
    )


def _in_order(report: list[Problem], files: tuple[str, ...]) -> tuple[Problem, ...]:
    """As the files go, each once; nobody reads more than so many, but no error hides behind warnings."""
    unique = list(dict.fromkeys(report))
    some = [
        problem
        for severity in Severity
        for problem in islice((each for each in unique if each.severity is severity), 2 * ENOUGH)
    ]
    return tuple(sorted(some, key=lambda each: (files.index(each.file), each.line or 0)))


def _if_readable(document: Document, secrets: tuple[Problem, ...]) -> tuple[Problem, ...]:
    plain = any(each.found == PLAIN for each in secrets)
    problem = readable_by_others(document) if plain else None
    return (problem,) if problem else ()


def _digest(templates: Document, deployments: Document) -> str:
    said = {"templates": templates.value, "deployments": deployments.value}
    return sha256(json.dumps(said, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
