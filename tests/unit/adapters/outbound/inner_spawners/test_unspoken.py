"""An error that tells a secret is known by it, wherever in its chain it stands."""

import pytest

from multiplespawner.adapters.outbound.inner_spawners.unspoken import tells

SECRET = "hunter2-hunter2"


def chained() -> Exception:
    """An error whose cause tells."""
    try:
        try:
            raise ValueError(f"bad password {SECRET}")
        except ValueError as cause:
            raise RuntimeError("can't start") from cause
    except RuntimeError as error:
        return error


@pytest.mark.parametrize("error", [RuntimeError(SECRET), KeyError({"token": SECRET}), chained()])
def test_it_is_found(error: Exception) -> None:
    """In the text, in the arguments, in a cause."""
    assert tells(error, ("other-secret", SECRET))


@pytest.mark.parametrize(
    ("error", "secrets"), [(RuntimeError("I don't work!"), (SECRET, "")), (OSError("a 1"), ("1",))]
)
def test_other_errors_are_handed_on(error: Exception, secrets: tuple[str, ...]) -> None:
    """Also where a secret is empty, or so short that any text holds it."""
    assert not tells(error, secrets)
