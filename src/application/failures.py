"""A step that failed, as its performer tells the driver."""

from ..domain.values import Failure
from .ports.inner_spawner import SpawnFailed
from .ports.provider import ProviderError


class StepFailed(Exception):
    """The call of a step failed; `may_retry` says whether the same call can succeed later."""

    def __init__(self, step: str, code: str, message: str, *, may_retry: bool = False) -> None:
        super().__init__(message)
        self.failure = Failure(step, code, message)
        self.may_retry = may_retry


_PROVIDER_WORDS = {
    "quota_exceeded": "The provider does not allow more of these now. Ask your administrator.",
    "out_of_capacity": "The provider has none of these left now. Try again later or choose another offer.",
    "provider_auth_failed": "The provider does not accept the hub's credentials. Ask your administrator.",
    "invalid_spec": "The provider does not have what was chosen. Choose something else.",
    "provider_unavailable": "The provider could not be reached. Try again later.",
}
"""For users, by code; what the provider itself said is for administrators."""


def of_provider(error: ProviderError) -> StepFailed:
    """A provider's error in words for the user."""
    words = _PROVIDER_WORDS.get(error.code, "The provider reported an error. Ask your administrator.")
    return StepFailed("provision", error.code, words, may_retry=error.may_retry)


def of_spawner(error: SpawnFailed) -> StepFailed:
    """An inner spawner's error; its message is made for the user already."""
    return StepFailed("start", error.code, error.message)
