"""Entering a resource: its credentials, from the first to the last."""

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

from attrs import frozen

from ...domain.accounts import UnixAccount
from ...domain.deployment import RecordAuthenticatorPrepared, RecordWithdrawn
from ...domain.values import Endpoint
from ...domain.world import Command, World
from ..failures import StepFailed
from ..ports.authenticator import (
    Access,
    AuthenticationFailed,
    Authenticator,
    AuthenticatorMissing,
    Authenticators,
    Credentials,
    Target,
)
from ..ports.inner_spawner import Equipment
from ..ports.private_store import PrivateStore
from .documents import Document, document_of, key_of
from .file_names import filled

_logger = logging.getLogger("multiplespawner.driver")

_NO_ADDRESS = "This offer is not set up rightly: there is no machine to enter."
_WITHDRAWN = "There are no keys for this machine any more."
_RESERVED = (
    "Your user name is that of the account which sets this machine up. Choose another offer, or ask your "
    "administrator for an account of another name."
)


@frozen
class Entering:
    """Makes, renews and destroys credentials; what is needed of them again lies in the private store."""

    authenticators: Authenticators
    private: PrivateStore

    async def authenticate(
        self, world: World, administrator: str | None, owner: str | None = None
    ) -> tuple[Command, ...]:
        """Make the credentials of a deployment, also those of the account that configures its resource.

        `owner`: the account with which its provider enters it.
        """
        document = await document_of(world, self.private)
        said = document.get("account", {})
        reserved = {administrator, owner, *said.get("reserved", ())}
        if not UnixAccount(said.get("mode", "existing")).may_be(said.get("name", ""), reserved):
            raise StepFailed("authenticate", "account_reserved", _RESERVED)
        try:
            target = await self._target(world, document, administrator)
            made = await (await self._authenticator(world, document)).prepare(target)
        except AuthenticationFailed as error:
            raise StepFailed("authenticate", error.code, error.message) from error
        kept = {"administrator": administrator, "public_key": made.public_key}
        await self.private.put(key_of(world, "access"), kept)
        return (RecordAuthenticatorPrepared(made.fingerprint, made.serial, made.until, made.host_key),)

    async def renewed(self, world: World, document: Document) -> Credentials:
        """Credentials for another connection. Raises AuthenticationFailed."""
        kept: Any = await self.private.get(key_of(world, "access"))
        if kept is None:
            # nor may a folder come back that has no document, and that nobody would find
            raise AuthenticationFailed("credentials_missing", _WITHDRAWN)
        target = await self._target(world, document, kept["administrator"])
        return await (await self._authenticator(world, document)).renew(target)

    async def withdraw(self, world: World) -> tuple[Command, ...]:
        """Destroy all credentials of a deployment."""
        document: Document | None = await self.private.get(key_of(world, "spawner"))
        if document is not None and document.get("authenticator"):
            await self._withdraw(world, document)
        await self.private.forget(key_of(world, "ssh"))
        return (RecordWithdrawn(),)

    async def equipment(self, world: World, document: Document) -> Equipment:
        """What an inner spawner is told of its resource; without an authenticator no way in."""
        names = await self.names(world, document)
        if not document.get("authenticator"):
            return Equipment(names)

        async def access() -> Access:
            return (await self.renewed(world, document)).notebook

        return Equipment(names, access)

    async def names(self, world: World, document: Document) -> Mapping[str, str]:
        """What all placeholders stand for, as far as it is known now."""
        kept: Any = await self.private.get(key_of(world, "access")) or {}
        endpoint = world.resource.endpoint or Endpoint()
        late = {"endpoint": endpoint.address, "auth_key": kept.get("public_key")}
        return {**document.get("names", {}), **{name: value for name, value in late.items() if value}}

    async def _target(self, world: World, document: Document, administrator: str | None) -> Target:
        endpoint = world.resource.endpoint or Endpoint()
        if endpoint.address is None:
            raise AuthenticationFailed("no_address", _NO_ADDRESS)
        folder = await self.private.folder(key_of(world, "ssh"))
        account = str(document.get("account", {}).get("name", ""))
        return Target(endpoint, world.resource.host_keys, account, administrator, folder)

    async def _withdraw(self, world: World, document: Document) -> None:
        folder = await self.private.folder(key_of(world, "ssh"))
        try:
            authenticator = await self._authenticator(world, document)
        except AuthenticationFailed as error:
            # what it made are files in that folder, which goes all the same: no machine is held for it
            _logger.warning(
                "Keys of resource %s go without their authenticator: %s", world.resource_id, error
            )
            return
        try:
            await authenticator.withdraw(folder)
        except AuthenticationFailed as error:
            raise StepFailed("withdraw", error.code, error.message, may_retry=True) from error

    async def _authenticator(self, world: World, document: Document) -> Authenticator:
        said = document["authenticator"]
        settings = filled(said["settings"], await self.names(world, document))
        try:
            # it may have to be looked for and imported, and its secrets read
            return await asyncio.to_thread(self.authenticators.authenticator, said["class"], settings)
        except AuthenticatorMissing as error:
            raise AuthenticationFailed("authenticator_missing", str(error)) from error
