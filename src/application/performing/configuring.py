"""Setting a resource up with the administrator's recipe."""

import asyncio
import hmac
from collections.abc import Mapping
from contextlib import aclosing, suppress
from functools import partial
from typing import Any, cast

from attrs import frozen

from ...domain.deployment import RecordConfigurerApplied
from ...domain.resource import RecordConfigured
from ...domain.world import Command, World
from ..canonical_json import canonical_json, sha256
from ..doings import Doings
from ..failures import StepFailed
from ..ports.authenticator import AuthenticationFailed, Credentials
from ..ports.clock import Clock
from ..ports.configurer import ConfigurationFailed, Configurer, ConfigurerMissing, Configurers, Work
from ..ports.ids import Ids
from ..ports.private_store import PrivateStore
from ..ports.provider import Provider
from . import remembering
from .documents import Document, document_of, key_of
from .entering import Entering
from .renewing import kept_good

_KEY = "digests"
"""Where in the private store the key lies that configurers' digests are made with."""
_NO_AUTHENTICATOR = "This offer is not set up rightly: a configurer needs an authenticator."


@frozen
class Digests:
    """Of what prepares a resource; None for what is not there."""

    authenticator: str | None
    configurer: str | None


@frozen
class Configuring:
    """Applies configurers, and tells their tasks to whoever watches."""

    configurers: Configurers
    entering: Entering
    private: PrivateStore
    ids: Ids
    doings: Doings
    clock: Clock

    async def digests(self, document: Document) -> Digests:
        """What the log tells of a deployment's authenticator and configurer. Raises ConfigurerMissing.

        The configurer's are made with a key of ours: they cover passwords, and who reads the log could try
        which one fits.
        """
        authenticator = document.get("authenticator")
        return Digests(
            sha256(canonical_json(authenticator)) if authenticator else None,
            await self._digest(document) if document.get("configurer") else None,
        )

    async def account(self, component: Mapping[str, Any]) -> str | None:
        """The account that a configurer names, said as documents do; None also for one that can't be made."""
        with suppress(ConfigurerMissing):
            return (await self._made(component)).account()
        return None

    async def administrator(self, world: World) -> str | None:
        """The account that configures, where the configurer names one."""
        document = await document_of(world, self.private)
        return (await self._found(document)).account() if document.get("configurer") else None

    async def configure(self, world: World, provider: Provider) -> tuple[Command, ...]:
        """Apply the configurer, telling of each task while it goes on."""
        document = await document_of(world, self.private)
        configurer, credentials = await self._found(document), await self._credentials(world, document)
        account = document.get("account", {})
        work = Work(
            access=credentials.configuring,
            account=str(account.get("name", "")),
            create_account=account.get("mode") == "create",
            names=await self.entering.names(world, document),
            folder=await self.private.folder(key_of(world, "configure")),
        )
        try:
            await configurer.check()
            # before it begins: half of it may undo what was applied before
            await remembering.forget(world, provider)
            # it may enter anew at any time, as after a reboot
            async with kept_good(credentials, partial(self.entering.renewed, world, document), self.clock):
                await self._apply(configurer, work, world.session_id)
        except ConfigurationFailed as error:
            raise StepFailed(
                "configure", error.code, error.message, task=error.task, host=error.host
            ) from error
        await remembering.remember(world, provider)
        digest = world.deployment.configurer or ""
        return (RecordConfigurerApplied(digest), RecordConfigured(digest))

    async def _digest(self, document: Document) -> str:
        """The configurer's, with the account that the notebook runs under."""
        made = await (await self._made(document["configurer"])).digest(document["names"])
        key, said = await self._key(), document.get("account", {})
        account = {part: said[part] for part in ("name", "mode") if part in said}
        return _keyed(key, made[:32]) + _keyed(key, canonical_json([made, account]))

    async def _key(self) -> bytes:
        key = await self.private.get(_KEY)
        if key is None:
            # made twice at once, the worst is that a recipe is applied once more
            key = self.ids.fresh()
            await self.private.put(_KEY, key)
        return str(key).encode()

    async def _apply(self, configurer: Configurer, work: Work, session: str) -> None:
        self.doings.begin(session)
        # all of them are generators; the port promises an iterator only
        async with aclosing(cast(Any, configurer.apply(work))) as tasks:
            async for task in tasks:
                self.doings.tell(session, task)

    async def _credentials(self, world: World, document: Document) -> Credentials:
        if not document.get("authenticator"):
            raise StepFailed("configure", "no_authenticator", _NO_AUTHENTICATOR)
        try:
            return await self.entering.renewed(world, document)
        except AuthenticationFailed as error:
            raise StepFailed("configure", error.code, error.message) from error

    async def _found(self, document: Document) -> Configurer:
        try:
            return await self._made(document["configurer"])
        except ConfigurerMissing as error:
            raise StepFailed("configure", "configurer_missing", str(error)) from error

    async def _made(self, component: Mapping[str, Any]) -> Configurer:
        # it may have to be looked for and imported, and its secrets read
        return await asyncio.to_thread(self.configurers.configurer, component["class"], component["settings"])


def _keyed(key: bytes, text: str) -> str:
    return hmac.new(key, text.encode(), "sha256").hexdigest()[:32]
