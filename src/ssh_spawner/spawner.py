"""JupyterHub's spawner for notebooks on hosts that are entered over SSH."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any
from uuid import uuid4

from jupyterhub.spawner import Spawner

from ..adapters.outbound.ssh import on_ssh_loop
from ..application.ports.provider import MARK
from .asking_for import checked_token, launch_request, read_certificates
from .connections import TakeAccess
from .entering import enter, link_of, own_access, own_ways
from .failing import NotOnHost
from .launching import Launch
from .link import Link
from .notebook import Notebook
from .progress import Progress
from .remaining import Remaining
from .run import Run
from .starting import Starting
from .traits import Traits

SOON = 10.0
"""Seconds in which a start begins that somebody wants to see."""
NOW = 1.0
"""Seconds in which a notebook that is to end at once may end by itself."""


class SSHSpawner(Traits, Spawner):  # type: ignore[misc]
    """Starts a notebook on a host over SSH and leads hub and notebook to each other through that connection.

    It needs nothing on the host but sshd, Python 3.6 and the notebook's program, and no open port but sshd's.
    Whoever has a way in of their own gives it with `take_access`; else the key file and known_hosts are used.
    """

    _given: TakeAccess | None = None
    _run: Run | None = None
    _notebook: Notebook | None = None
    """What `_run` is; made again when it is asked for."""
    _progress: Progress | None = None
    """Of the start that is under way."""
    _status: int = 0
    """Exit status of the last notebook."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self._certificates: dict[str, str] = {}
        self._remaining = Remaining()
        self._starting = Starting()
        self._begun = asyncio.Event()

    def take_access(self, access: TakeAccess) -> None:
        """Enter the host with what this gives; it is awaited before each connect."""
        self._given = access

    async def start(self) -> tuple[str, int]:
        """Start the notebook; returns where it is reached on this machine. Raises NotOnHost."""
        for name, instead in self.replaced().items():
            self.log.warning("SSHSpawner.%s is not used: %s.", name, instead)
        progress = self._progress = Progress()
        self._begun.set()
        self._remaining.end_soon(self._found, patient=not self._given)
        try:
            notebook = await self._starting.run(self._started(progress))
        except NotOnHost as error:
            self.log.error("%s", error.log_message or error)
            raise
        finally:
            self._progress = None
            self._begun.clear()
            progress.end()
        self.remote_host, self.pid = notebook.run.host, notebook.run.pid or 0
        return "127.0.0.1", notebook.run.local_port

    async def _started(self, progress: Progress) -> Notebook:
        environment = self.get_env()
        token = checked_token(str(environment.get(MARK) or uuid4().hex))
        progress.say(5, "Connecting to the host.")
        link = await enter(self, [self._given] if self._given else await own_ways(self))
        assert link.access is not None
        run = Run(link.access.address, link.access.port, link.access.user, token, self.resource_path)
        progress.say(20, f"Connected to {run.host}; its host key was verified.")
        launch = Launch(link, run, {}, self.path, progress.say)
        try:
            launch.request = launch_request(self, run, environment, self._certificates)
            return self._hold(await on_ssh_loop(link.during(launch.begin())), link)
        except BaseException:
            try:
                await asyncio.shield(asyncio.ensure_future(on_ssh_loop(link.close())))
            finally:
                if launch.asked_to_keep:  # perhaps only meanwhile
                    # it may run, and is to be found by whoever stops it
                    self._run = launch.run
            raise

    def get_env(self) -> dict[str, Any]:
        """The notebook's environment; addresses in it are completed on the host."""
        environment: dict[str, Any] = super().get_env()
        if "PATH" not in self.environment:
            environment["PATH"] = self.path
        return environment

    async def move_certs(self, paths: dict[str, str]) -> dict[str, str]:
        """Keep what is in the certificates for the start: they go to the host with it."""
        self._certificates = await asyncio.to_thread(read_certificates, paths)
        return paths

    async def poll(self) -> int | None:
        """None while the notebook runs, and while its host can't be reached and the grace lasts."""
        if self._progress is not None:
            return None
        notebook = self._found_again()
        if notebook is None:
            return self._status
        status = await notebook.poll()
        if status is not None and notebook is self._notebook:
            await self._ended(notebook)
        return status

    async def stop(self, now: bool = False) -> None:
        """End the notebook and all that it began. Raises NotOnHost where it may still run: stop it again."""
        await self._starting.end()
        notebook = self._found_again()
        if notebook is not None:
            await notebook.end(min(NOW, self.stop_patience) if now else self.stop_patience)
            await self._ended(notebook)

    async def get_url(self) -> str:
        """Where the notebook is reached on this machine; waits for a host that can't be reached now."""
        notebook = self._found_again()
        if notebook is None or self.server is None:
            return str(await super().get_url())
        port = await notebook.port()
        self._run = notebook.run = notebook.run.at(port)
        await notebook.settled()
        scheme = "https" if self.internal_ssl else "http"
        return f"{scheme}://127.0.0.1:{port}{self.server.base_url}"

    async def progress(self) -> AsyncIterator[dict[str, Any]]:
        """What happens while the notebook starts; waits a while for that."""
        with suppress(TimeoutError):
            async with asyncio.timeout(SOON):
                await self._begun.wait()
        if self._progress is not None:
            async for event in self._progress.events():
                yield event

    def get_state(self) -> dict[str, Any]:
        """How the notebook is found again."""
        run = {"run": self._run.document()} if self._run else {}
        return {**super().get_state(), **run, **self._remaining.state()}

    def load_state(self, state: dict[str, Any]) -> None:
        """Remember the notebook that the state is of."""
        super().load_state(state)
        self._run = Run.read(state.get("run"))
        self._remaining = Remaining.read(state)
        if self._run is not None:
            self.remote_host, self.pid = self._run.host, self._run.pid or 0

    def clear_state(self) -> None:
        """Forget the notebook; one that may still run is ended when the host can be entered again."""
        super().clear_state()
        if self._run is not None:
            self._remaining.add(self._run)
        self._forget()

    def _hold(self, run: Run, link: Link) -> Notebook:
        self._run = run.at(link.local_port)
        self._notebook = Notebook(self._run, link, self.path, self.grace)
        self._notebook.belongs_to(self)
        return self._notebook

    def _found_again(self) -> Notebook | None:
        if self._notebook is None and self._run is not None:
            self._notebook = self._found(self._run)
            self._notebook.belongs_to(self)
        return self._notebook

    def _found(self, run: Run) -> Notebook:
        way = self._given or own_access(self, run.host, run.user, run.port)
        return Notebook(run, link_of(self, way), self.path, self.grace)

    async def _ended(self, notebook: Notebook) -> None:
        self._status = notebook.status or 0
        if not notebook.was_heard:
            self._remaining.add(notebook.run)
        self._forget()
        await notebook.let_go()

    def _forget(self) -> None:
        if self._notebook is not None:
            self._notebook.link.close_soon()
        if not self._given:
            self._remaining.end_soon(self._found, patient=True)
        self._run = self._notebook = None
        self.remote_host, self.pid = "", 0
