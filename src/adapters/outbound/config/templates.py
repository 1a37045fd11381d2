"""Templates: what each says, and whether it can be used here."""

from collections.abc import Collection
from pathlib import Path as FilePath
from typing import Any

from attrs import evolve, frozen

from ....application.ports.configuration import Component
from .components import component
from .document import Document
from .lookups import CannotBe, Lookups, NotAvailable
from .problems import ENOUGH, Path, Problem, has_errors
from .spawner_settings import check_kwargs
from .terms import Terms, terms


@frozen
class Template:
    """One template."""

    document: Document
    path: Path
    said: dict[str, Any]
    terms: Terms
    spawner_class: type | None
    """None if it can't be used here."""
    authenticator: Component | None
    configurer: Component | None
    usable: bool
    """Whether something can be offered of it here."""

    @property
    def name(self) -> str:
        """Its name."""
        return str(self.said["name"])

    @property
    def type(self) -> str:
        """Its resource type."""
        return str(self.said["resource_type"])

    @property
    def providers(self) -> list[str]:
        """Names of the providers that it is for."""
        return list(self.said["providers"])

    @property
    def class_path(self) -> str:
        """Dotted path of its spawner."""
        return str(_spawner(self.said)["class"])

    @property
    def kwargs(self) -> dict[str, Any]:
        """What is set on its spawner."""
        return dict(_spawner(self.said).get("kwargs", {}))


@frozen
class TemplateReader:
    """Reads templates of one document."""

    document: Document
    lookups: Lookups
    playbooks: tuple[FilePath, ...]

    def read(
        self, skip: Collection[Path], flawed: Collection[Path], report: list[Problem]
    ) -> tuple[Template, ...]:
        """All templates but those to skip because their structure is wrong; flawed ones are unusable."""
        made: list[Template] = []
        names: set[str] = set()
        for index, said in enumerate(self.document.value):
            if (index,) in skip or len(report) > ENOUGH:
                continue
            own: list[Problem] = []
            if said["name"] in names:
                found = f"another template {said['name']}"
                own.append(self.document.error((index, "name"), found, "a name of its own"))
            names.add(said["name"])
            if self._has_one_spawner((index,), said, own):
                template = self._template((index,), said, own)
                good = template.usable and (index,) not in flawed
                made.append(evolve(template, usable=good))
            report.extend(own)
        return tuple(made)

    def _has_one_spawner(self, path: Path, said: dict[str, Any], report: list[Problem]) -> bool:
        flat = [key for key in ("class", "kwargs") if key in said]
        wrong: Problem | None = None
        if "spawner" in said and flat:
            wrong = self.document.error((*path, flat[0]), f"{flat[0]} beside spawner", "it within spawner")
        elif "spawner" not in said and "class" not in said:
            expected = "spawner: an object with class and kwargs"
            wrong = self.document.error(path, "no spawner", expected)
        report.extend((wrong,) if wrong else ())
        return wrong is None

    def _template(self, path: Path, said: dict[str, Any], report: list[Problem]) -> Template:
        parts, usable = {}, True
        finders = {"authenticator": self.lookups.authenticator, "configurer": self.lookups.configurer}
        for part, find in finders.items():
            place = (*path, part)
            raw = said.get(part, {})
            parts[part], good = component(self.document, place, raw, find, self.playbooks, report)
            usable = usable and good
        found = self._spawner_class(path, said, report)
        own_terms = terms(self.document, path, said, report)
        usable = usable and found is not None and not has_errors(report)
        return Template(self.document, path, said, own_terms, found, **parts, usable=usable)

    def _spawner_class(self, path: Path, said: dict[str, Any], report: list[Problem]) -> type | None:
        # older files have class and kwargs beside name
        holder = (*path, "spawner") if "spawner" in said else path
        class_path, place = _spawner(said)["class"], (*holder, "class")
        try:
            found = self.lookups.spawner(class_path)
        except NotAvailable as why:
            expected = "a class that can be used here"
            report.append(self.document.warning(place, class_path, expected, str(why)))
            return None
        except CannotBe as why:
            report.append(self.document.error(place, why.found, why.expected, why.suggestion))
            return None
        kwargs = _spawner(said).get("kwargs", {})
        place, authenticated = (*holder, "kwargs"), bool(said.get("authenticator"))
        check = check_kwargs(self.document, place, kwargs, found, self.lookups, authenticated=authenticated)
        report.extend(check)
        return found


def _spawner(said: dict[str, Any]) -> dict[str, Any]:
    spawner: dict[str, Any] = said.get("spawner", said)
    return spawner
