"""What the hub asks of a spawner beside its life, and the inner spawner answers."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from ....application.failures import kinds
from . import last_inner
from .choosing import Chosen
from .houses import house_of, inner_held


class Forwarding:
    """Part of the outer spawner; stands before the hub's Spawner among its bases."""

    _session: str | None = None
    _chosen: Chosen | None = None
    _resumes = False
    _stopped: Any = None
    """The inner spawner of the session that was stopped last, as long as the state is not cleared."""

    async def create_certs(self) -> dict[str, str]:
        """Certificates of internal TLS, with the inner spawner's names."""
        certificates: dict[str, str] = await (await self._choose()).inner.create_certs()
        return certificates

    async def move_certs(self, paths: Mapping[str, str]) -> dict[str, str]:
        """Where the inner spawner puts them."""
        moved: dict[str, str] = await (await self._choose()).inner.move_certs(paths)
        return moved

    async def get_url(self: Any) -> str:
        """The address of the running server; never raises."""
        try:
            inner = await self._inner()
            if inner is not None and inner.tells_url:
                return str(await inner.get_url())
            return await self._recorded_url() or str(await super().get_url())  # type: ignore[misc]
        except Exception as error:
            self.log.error("The address of %s can't be told: %s", self._log_name, kinds(error))
            return str(self.server.url) if self.server else ""

    async def _recorded_url(self: Any) -> str:
        """What the start told, also where the hub died before it wrote that down; empty if there is none."""
        if self._session is None or self.server is None:
            return ""
        session = await (await house_of(self)).ledger.session(self._session)
        address = urlsplit(session.address or "")
        return address._replace(path=self.server.base_url).geturl() if address.netloc else ""

    async def rename(self, old_name: str, new_name: str) -> None:
        """Tell the inner spawner, if its notebook runs."""
        inner = await self._inner()
        if inner is not None:
            await inner.rename(old_name, new_name)

    async def delete_forever(self) -> None:
        """Let the last session's inner spawner give up what it keeps between notebooks."""
        await last_inner.delete_forever(await house_of(self), self)

    @property
    def will_resume(self) -> bool:
        """Whether the inner spawner means to go on with the same notebook, or somebody said so here."""
        inner = self._inner_here()
        return self._resumes or (inner is not None and bool(inner.will_resume))

    @will_resume.setter
    def will_resume(self, value: bool) -> None:
        self._resumes = value

    async def _choose(self) -> Chosen:
        raise NotImplementedError

    async def _inner(self) -> Any:
        return None if self._session is None else await (await house_of(self)).inner(self._session)

    def _inner_here(self) -> Any:
        """The inner spawner as far as this process has it, also when it did not start it itself."""
        if self._chosen is not None:
            return self._chosen.inner
        if self._stopped is not None or self._session is None:
            return self._stopped
        return inner_held(self, self._session)
