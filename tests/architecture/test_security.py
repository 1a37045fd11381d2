"""What SECURITY.md says is tried is tried."""

import re

import pytest

import adapters_and_suites as found

TEXT = (found.ROOT / "SECURITY.md").read_text()
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", TEXT)))


@pytest.mark.parametrize(("file", "test"), NAMED, ids="::".join)
def test_a_test_that_is_named_exists(file: str, test: str) -> None:
    """A renamed test would leave an attack that nobody tries."""
    assert f"def {test}(" in (found.ROOT / file).read_text() if test else (found.ROOT / file).exists()
