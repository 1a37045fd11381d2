"""Given a spawner class, when a value is checked without a spawner, then what it takes is said in words."""

from jupyterhub.spawner import LocalProcessSpawner

from multiplespawner.adapters.outbound.inner_spawners.settings import expects


def test_a_value_that_suits_needs_no_words() -> None:
    """As it is, or as text that the trait reads."""
    assert expects(LocalProcessSpawner, "port", 22) is None
    assert expects(LocalProcessSpawner, "port", "22") is None
    assert expects(LocalProcessSpawner, "no_trait", object()) is None


def test_a_value_that_does_not_suit_is_answered_with_what_does() -> None:
    """The value itself isn't repeated: it may be a secret."""
    assert expects(LocalProcessSpawner, "port", "canary") == "an int"
