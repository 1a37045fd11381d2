"""What whoever knows the authenticators does."""

import pytest

from ...application.ports.authenticator import AuthenticatorMissing, Authenticators


class AuthenticatorsContract:
    """Inherit it and fill in the fixture."""

    @pytest.fixture
    def authenticators(self) -> Authenticators:
        """Hand out one that knows `used`, which takes settings that say nothing."""
        raise NotImplementedError("override the fixture `authenticators`")

    def test_an_authenticator(self, authenticators: Authenticators) -> None:
        """Each time it can be called as this version of the port says, whoever had it before."""
        for _ in range(2):
            assert authenticators.authenticator("used", {}).api == 1

    def test_settings_stay_as_they_are(self, authenticators: Authenticators) -> None:
        """What is said of it is only read."""
        said: dict[str, str] = {}
        authenticators.authenticator("used", said)
        assert said == {}

    def test_no_such_authenticator(self, authenticators: Authenticators) -> None:
        """One that can't be had is an error of its own, that names it, each time."""
        for _ in range(2):
            with pytest.raises(AuthenticatorMissing) as missing:
                authenticators.authenticator("no.where", {})
            assert "no.where" in str(missing.value)
