"""Documents say what the code has, and lead where they say."""

import re
from pathlib import Path

import attrs
import pytest

from multiplespawner.adapters.inbound.hub.traits import Traits
from multiplespawner.domain.catalogue import FACTS

ROOT = Path(__file__).resolve().parents[2]
DECISIONS = sorted((ROOT / "docs" / "adr").glob("[0-9]*.md"))
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"(?<!!)\[[^\]]*\]\((?P<to>[^)#\s]+)[^)]*\)")
CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)


def short(path: Path) -> str:
    """Below the checkout."""
    return str(path.relative_to(ROOT))


def title(decision: Path) -> str:
    """What was decided."""
    return decision.read_text().splitlines()[0].partition(". ")[2]


@pytest.mark.parametrize("name", FACTS)
def test_every_fact_is_told_with_what_it_carries(name):
    """The table in docs/domain.md has a row for it, with the names of its fields."""
    (row,) = re.findall(rf"^\| `{re.escape(name)}` \|.*$", (ROOT / "docs" / "domain.md").read_text(), re.M)
    fields = ", ".join(field.name for field in attrs.fields(FACTS[name]))
    assert row.split("|")[-2].strip() == fields


def test_no_fact_is_told_that_there_is_not():
    """What has left the catalogue leaves the table and the pictures."""
    told = re.findall(
        r"\b((?:session|resource|deployment|allowance|configuration)\.[a-z]+(?:_[a-z]+)*)",
        (ROOT / "docs" / "domain.md").read_text(),
    )
    assert set(told) - set(FACTS) == set()


@pytest.mark.parametrize("decision", DECISIONS, ids=short)
def test_decisions_are_short_and_named_by_what_was_decided(decision):
    """20 to 45 lines, under a sentence that begins with the file's number."""
    lines = decision.read_text().splitlines()
    assert 20 <= len(lines) <= 45
    assert re.fullmatch(rf"# {decision.name[:4]}\. [A-Z`].*[^.\s]", lines[0])
    assert len(title(decision).split()) >= 4


def test_decisions_are_numbered_without_gaps():
    """So that a missing one is seen."""
    assert [decision.name[:4] for decision in DECISIONS] == [f"{n:04}" for n in range(1, len(DECISIONS) + 1)]


def test_the_index_has_every_decision():
    """By its title, in order."""
    index = (ROOT / "docs" / "adr" / "README.md").read_text()
    listed = re.findall(r"^\d+\. \[(.+)\]\((.+)\)$", index, re.M)
    assert listed == [(title(decision), decision.name) for decision in DECISIONS]


@pytest.mark.parametrize("document", DOCUMENTS, ids=short)
def test_relative_links_lead_to_files(document):
    """Nobody follows a link into nothing."""
    targets = [found["to"] for found in LINK.finditer(CODE.sub("", document.read_text()))]
    local = [target for target in targets if "://" not in target and not target.startswith("mailto:")]
    assert [target for target in local if not (document.parent / target).exists()] == []


@pytest.mark.parametrize("name", Traits.class_trait_names(config=True))
def test_every_trait_is_told_with_its_default(name):
    """The table in docs/operations.md says what the class says."""
    trait = Traits.class_traits()[name]
    row = f"| `{name}` | `{trait.default_value!r}` | {trait.help} |"
    assert row in (ROOT / "docs" / "operations.md").read_text().splitlines()
