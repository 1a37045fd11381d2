"""What SECURITY.md says is tried is tried."""

import re

import pytest

import adapters_and_suites as found

TEXT = (found.ROOT / "SECURITY.md").read_text()
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", TEXT)))

ATTACKS = TEXT.partition("## Attacks")[2].partition("## Not defended")[0]
ROWS = [line for line in ATTACKS.splitlines() if re.match(r"\| (?!attack \|)", line)]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.split("|")[1].strip())
def test_each_attack_names_a_test(row: str) -> None:
    """In the last column."""
    assert re.search(r"`tests/[\w/]+\.py", row.split("|")[-2])


@pytest.mark.parametrize(("file", "test"), NAMED, ids="::".join)
def test_a_test_that_is_named_exists(file: str, test: str) -> None:
    """A renamed test would leave an attack that nobody tries."""
    assert f"def {test}(" in (found.ROOT / file).read_text() if test else (found.ROOT / file).exists()
