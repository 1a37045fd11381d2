"""What users typed is marked as text, and secrets are found."""

from hypothesis import given
from hypothesis import strategies as st

from multiplespawner.adapters.outbound.configurers.literal_values import filled, literal, secrets_of


def test_only_texts_with_a_placeholder_are_marked():
    """What the administrator wrote may be a template of Ansible."""
    said = {
        "a": "{option.x}",
        "b": "{{ c }}",
        "c": ["-{JUPYTERHUB_USER}-", 7, True, None],
        "d": {"e": "plain"},
    }
    assert filled(said, {"option.x": "{{ 1 }}", "JUPYTERHUB_USER": "ada"}) == {
        "a": literal("{{ 1 }}"),
        "b": "{{ c }}",
        "c": [literal("-ada-"), 7, True, None],
        "d": {"e": "plain"},
    }


def test_a_placeholder_that_stands_for_nothing_is_marked_too():
    """It looks like what was typed, and may be."""
    assert filled("{endpoint}", {}) == literal("{endpoint}")


@given(st.text())
def test_no_text_of_a_user_stays_unmarked(text):
    """Whatever it is, also the very placeholder."""
    assert filled({"x": ["{option.a}"]}, {"option.a": text}) == {"x": [literal(text)]}


def test_secrets_are_known_by_their_names():
    """Deep within and in lists; what is too short to be one isn't."""
    said = {"db_password": "hunter22", "tokens": {"api_key": ["k-1234"]}, "user": "ada", "token": "abc"}
    assert set(secrets_of(said)) == {"hunter22", "k-1234"}
    assert set(secrets_of({"option.password": "hunter22", "JUPYTERHUB_USER": "hunter33"})) == {"hunter22"}
