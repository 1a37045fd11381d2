"""Puts a checked configuration into words."""

from collections.abc import Iterator

from attrs import frozen
from rich.text import Text

from ....application.ports.configuration import Configuration, Problem
from ....domain.offers import Offer
from ....domain.offers.words import audience, hardware, lasts

STYLES = {"error": "bold red", "warning": "bold yellow"}


@frozen
class Report:
    """What `check` answers."""

    checked: Configuration

    def status(self, *, strict: bool) -> int:
        """The exit status: 1 if there is an error, or with `strict` a warning; else 0."""
        return int(self._count("error") > 0 or (strict and self._count("warning") > 0))

    def text(self) -> Text:
        """Files, the digest that the log knows them by, problems, offers and the sum of it."""
        said = Text("\n").join(
            [
                *(Text(f"Read {clean(file)}") for file in self.checked.files),
                Text(f"Digest {self.checked.digest}"),
                Text(),
                *(line for problem in self.checked.problems for line in problem_lines(problem)),
                *(line for offer in self.checked.offers for line in _offer(offer)),
            ]
        )
        return said.append(f"\n{self._sum()}")

    def _count(self, severity: str) -> int:
        return sum(problem.severity == severity for problem in self.checked.problems)

    def _sum(self) -> str:
        counts = (
            (self._count("error"), "error"),
            (self._count("warning"), "warning"),
            (len(self.checked.offers), "offer"),
        )
        return ", ".join(f"{count} {word}{'' if count == 1 else 's'}" for count, word in counts)


def clean(text: str) -> str:
    """Text without anything that moves a terminal's cursor or can't be written."""
    if text.isprintable():
        return text
    written = text.encode("utf-8", "backslashreplace").decode()
    return "".join(each if each.isprintable() else f"\\u{ord(each):04x}" for each in written)


def problem_lines(problem: Problem) -> Iterator[Text]:
    """One thing that is wrong: where, what stands there, what should, and what to do."""
    where = f"{clean(problem.file)}:{problem.line}" if problem.line else clean(problem.file)
    style = STYLES[problem.severity]
    yield Text.assemble((problem.severity, style), "  ", (where, "bold"), "  ", clean(problem.path))
    for word, said in (
        ("found", problem.found),
        ("expected", problem.expected),
        ("do", problem.suggestion),
    ):
        if said:
            yield Text.assemble("  ", (f"{word:<9}", "dim"), clean(said))
    yield Text()


def _offer(offer: Offer) -> Iterator[Text]:
    yield Text.assemble(("offer", "bold green"), "  ", (clean(offer.id), "bold"))
    lines = {
        "name": offer.name,
        "hardware": hardware(offer.hardware),
        "lasts": lasts(offer),
        "options": ", ".join(option.name for option in offer.options),
        "for": audience(offer),
    }
    for word, said in lines.items():
        if said:
            yield Text.assemble("  ", (f"{word:<9}", "dim"), clean(said))
    yield Text()
