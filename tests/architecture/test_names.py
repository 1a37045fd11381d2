"""Commands are imperative, facts past, refusals sentences; no name says only that something helps."""

import re

import pytest

from multiplespawner.domain.catalogue import FACTS

EMPTY_WORDS = {"util", "utils", "helper", "helpers", "common", "manager", "managers", "misc"}
VERBS = {
    "Begin", "Claim", "End", "Fail", "Keep", "Mark", "Place", "Plan", "Record", "Release", "Request",
    "Reserve", "Resume", "Return", "Set", "Start", "Stop", "Suspend", "Withdraw",
}  # fmt: skip
IRREGULAR_PAST = {"Kept", "Lost", "Set", "Withdrawn"}


def words(name):
    """The words of a name in camel case or with underscores."""
    return re.findall(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])", name)


def of_the_domain(sources, file):
    """Public classes in the domain's files of this name."""
    modules = [m for m in sources if m.path.startswith("src/domain/") and m.path.endswith(f"/{file}")]
    return [cls.name for module in modules for cls in module.classes()]


def test_no_empty_words(everything):
    """Neither a file, a folder nor a class is named after being useful."""
    names = [part for m in everything for part in m.path.removesuffix(".py").split("/")]
    names += [cls.name for m in everything for cls in m.classes()]
    assert [name for name in names if EMPTY_WORDS & {word.lower() for word in words(name)}] == []


def test_commands_begin_with_a_verb(sources):
    """What can be asked for is an imperative; a new verb is added here on purpose."""
    assert [name for name in of_the_domain(sources, "commands.py") if words(name)[0] not in VERBS] == []


def test_facts_end_in_what_happened(sources):
    """A fact is past, or says that something is under way."""
    facts = of_the_domain(sources, "events.py")
    assert [f for f in facts if not re.search("(ed|ing)$", f) and words(f)[-1] not in IRREGULAR_PAST] == []


def test_every_fact_has_a_stored_name(sources):
    """The catalogue lists each fact of the domain once."""
    assert sorted(cls.__name__ for cls in FACTS.values()) == sorted(of_the_domain(sources, "events.py"))


@pytest.mark.parametrize("name", FACTS)
def test_stored_names_have_one_form(name):
    """A stored name is `aggregate.what_happened`."""
    assert re.fullmatch(r"(session|resource|deployment|allowance|configuration)\.[a-z]+(_[a-z]+)*", name)


def test_refusals_are_sentences(sources):
    """A refusal is no error: its name says why not."""
    refusals = of_the_domain(sources, "refusals.py")
    assert [name for name in refusals if re.search("(Error|Exception|Failure)$", name)] == []
