"""Authenticators: make a resource trustworthy, and us to it."""

from datetime import datetime
from typing import Any, Protocol

from attrs import frozen

from ...domain.values import Endpoint


@frozen
class Credentials:
    """What was made, by reference: the secret itself lies in the private store under `reference`."""

    reference: str
    fingerprint: str
    serial: int | None = None
    until: datetime | None = None
    host_key: str | None = None


class AuthenticationFailed(Exception):
    """Trust could not be made; `code` is stable, the message is for the user, without secrets."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class Authenticator(Protocol):
    """Prepares, renews and withdraws credentials for one deployment."""

    async def prepare(self, deployment: str, endpoint: Endpoint, settings: Any) -> Credentials:
        """Make credentials for a deployment; safe to repeat (the earlier ones are replaced).

        Raises AuthenticationFailed.
        """

    async def renew(self, credentials: Credentials) -> Credentials:
        """Credentials that are good for another connection; the same ones if they still are."""

    async def withdraw(self, deployment: str) -> None:
        """Destroy all credentials of a deployment; none left is success: safe to repeat."""
