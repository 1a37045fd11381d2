"""A provider whose machines are folders."""

import asyncio
import shutil
from pathlib import Path

from attrs import frozen

from multiplespawner.application.ports.provider import (
    Instance,
    InstanceState,
    InvalidSpec,
    NotFound,
    ResourceSpec,
    Unavailable,
)
from multiplespawner.domain.values import Amount


@frozen
class FolderSettings:
    """What an administrator may set."""

    root: str = "/srv/machines"
    """Folder that holds the machines."""


class FolderProvider:
    """Rents out folders, named by their token."""

    api = 1
    allocates = True
    settings_class = FolderSettings
    types = ("container",)

    def __init__(self, settings: FolderSettings) -> None:
        self._root = Path(settings.root)

    async def ensure(self, token: str, spec: ResourceSpec) -> Instance:
        """Make the folder, unless it is there already."""
        if spec.hardware.gpu:
            raise InvalidSpec("a folder has no GPU")
        try:
            await asyncio.to_thread(self._folder(token).mkdir, parents=True, exist_ok=True)
        except OSError as error:
            raise Unavailable(f"can't make a folder in {self._root}: {error.strerror}") from error
        return await self.get(token)

    async def get(self, id: str) -> Instance:  # noqa: A002
        """The folder as an instance."""
        if not await asyncio.to_thread(self._folder(id).is_dir):
            raise NotFound(f"no folder {id}")
        return Instance(id, token=id, state=InstanceState.RUNNING)

    async def find(self, token: str) -> tuple[Instance, ...]:
        """The folder with this token, if there is one."""
        try:
            return (await self.get(token),)
        except NotFound:
            return ()

    async def list_owned(self, owner: str) -> tuple[Instance, ...]:
        """All folders of this owner."""
        folders = await asyncio.to_thread(lambda: sorted(self._root.glob(f"{owner}-*")))
        return tuple(Instance(folder.name, folder.name, InstanceState.RUNNING) for folder in folders)

    async def destroy(self, id: str) -> None:  # noqa: A002
        """Remove the folder with all that is in it."""
        try:
            await asyncio.to_thread(shutil.rmtree, self._folder(id))
        except FileNotFoundError:
            pass  # gone already is success
        except OSError as error:
            raise Unavailable(f"can't remove {id}: {error.strerror}") from error

    def limits(self) -> tuple[Amount, ...]:
        """There is room for any number."""
        return ()

    def _folder(self, name: str) -> Path:
        return self._root / Path(name).name
