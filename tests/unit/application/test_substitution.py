"""Given what an administrator wrote, when names are filled in, then nothing else changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multiplespawner.application.substitution import fill, other_braces, placeholders

NAMES = {"endpoint": "10.0.0.1", "option.branch": "main", "JUPYTERHUB_USER": "{endpoint}"}


def test_names_are_filled_in_at_any_depth() -> None:
    """Lists and dicts are gone through; what isn't text stays."""
    value = {"hosts": ["{endpoint}:22", {"ref": "{option.branch}"}], "port": 22, "on": None}
    filled = {"hosts": ["10.0.0.1:22", {"ref": "main"}], "port": 22, "on": None}
    assert fill(value, NAMES) == filled


def test_what_is_filled_in_is_not_read_again() -> None:
    """A user's name is data, also when it looks like a placeholder."""
    assert fill("{JUPYTERHUB_USER}", NAMES) == "{endpoint}"


@pytest.mark.parametrize(
    "text",
    [
        "{username}",
        "{{endpoint}}",
        "{{ endpoint }}",
        "{endpoint.__class__}",
        "{endpoint!r}",
        "{endpoint:>9}",
        "{0}",
        "{",
        "}",
        "{}",
        "{option.other}",
        "{ endpoint }",
        "%(endpoint)s",
        "${endpoint",
    ],
)
def test_every_other_brace_stays(text: str) -> None:
    """No attribute access, no format mini-language, and other templates' braces pass."""
    assert fill(text, NAMES) == text


def test_known_names_and_other_braces_are_told_apart() -> None:
    """Checks can say which braces mean something and which don't."""
    text = "{endpoint} {option.x} {endpont} {{ item }} {a b}"
    assert list(placeholders(text)) == ["endpoint", "option.x"]
    assert list(other_braces(text)) == ["{endpont}", "{ item }", "{a b}"]


@given(st.text(alphabet="{}.abendpoit_ ", max_size=40), st.text(max_size=5))
def test_any_text_is_filled_as_plain_replacement_says(text: str, endpoint: str) -> None:
    """Without doubled braces, it is the same as replacing each `{endpoint}`."""
    if "{{" not in text and "}}" not in text:
        assert fill(text, {"endpoint": endpoint}) == text.replace("{endpoint}", endpoint)
