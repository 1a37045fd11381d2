"""The page of a start: its steps while it goes on, what went wrong if it failed, and calling it off."""

from typing import Any

from jupyterhub.handlers.pages import SpawnPendingHandler
from jupyterhub.scopes import needs_scope
from tornado.httputil import url_concat
from tornado.web import HTTPError, authenticated

from ..spawner import MultipleSpawner
from .cancelling import cancel
from .last_start import LastStart, last_start, told
from .progress_stream import STEPS
from .rendering import Rendered
from .starting_pages import CANCELLED, addresses, chosen, in_words, state


class ProgressPage(Rendered, SpawnPendingHandler):  # type: ignore[misc] # the hub has no types
    """`/hub/spawn-pending/USER[/SERVER]`; what is not about a start of ours is left to the hub's."""

    @authenticated
    @needs_scope("servers")  # type: ignore[untyped-decorator]
    async def get(self, user_name: str, server_name: str = "") -> None:
        """Show where the start is; a server that is ready is redirected to, as by the hub."""
        user, spawner = self._ours(user_name, server_name)
        page = None if spawner is None else await self._page(user, spawner)
        if page is not None:
            self.finish(page)
        elif not self._finished:
            await super().get(user_name, server_name)

    @authenticated
    @needs_scope("delete:servers")  # type: ignore[untyped-decorator]
    async def post(self, user_name: str, server_name: str = "") -> None:
        """Call the start off, at any moment of it.

        A server that became ready before is left running, which the answer says: somebody may be at work in
        it, and the page with the button may have been forgotten in another window.
        """
        user, spawner = self._ours(user_name, server_name)
        if spawner is None:
            raise HTTPError(405)
        if spawner.ready:
            self.set_status(409)
            self.finish(await self._filled("too_late", user, spawner))
            return
        if spawner.pending == "spawn":
            await cancel(self, user, spawner)
        await self._lead_on(user, spawner)

    def _ours(self, user_name: str, server_name: str) -> tuple[Any, Any]:
        """The user and their server's spawner; None where there is none of ours."""
        user = self.find_user(user_name)
        if user is None or (server_name and server_name not in user.orm_spawners):
            return user, None
        # also of a named server that nobody asked for since the hub started
        spawner = user.spawners[server_name]
        return user, spawner if isinstance(spawner, MultipleSpawner) else None

    async def _page(self, user: Any, spawner: Any) -> str | None:
        """Ours; None where the hub's is right, or it leads elsewhere."""
        called_off = self.get_query_argument(CANCELLED, None) is not None
        if spawner.ready or spawner.pending == "rename":
            return None
        is_cancelled = spawner.cancelling is not None and not spawner.cancelling.done()
        if spawner.pending == "stop" or is_cancelled:
            return await self._filled("cancelling", user, spawner) if called_off or is_cancelled else None
        last = await last_start(spawner)
        if spawner.pending:
            return await self._progress(user, spawner, last)
        if called_off:
            await self._lead_on(user, spawner)
            return None
        if spawner._failed or spawner.was_called_off or (last is not None and last.has_failed):
            return await self._what_became_of_it(user, spawner, last)
        return None

    async def _lead_on(self, user: Any, spawner: Any) -> None:
        """After a start was called off: to the form, which says so, or to a page that does."""
        where = "waiting_url"
        if not spawner.pending:
            # where there is nothing to choose, the hub's page would start it again at once
            has_form = await user.spawners[spawner.name].get_options_form()
            where = "spawn_url" if has_form else "page_url"
        self.redirect(addresses(self, user, spawner.name)[where], status=303)

    async def _progress(self, user: Any, spawner: Any, last: LastStart | None) -> str:
        asked = {"_xsrf": self.xsrf_token.decode("ascii"), STEPS: "1"}
        events = url_concat(spawner._progress_url, asked) if spawner.pending == "spawn" else ""
        what = {"progress_url": events, "chosen": chosen(spawner)}
        return await self._filled("progress", user, spawner, **what, **state(last))

    async def _what_became_of_it(self, user: Any, spawner: Any, last: LastStart | None) -> str:
        error = spawner._spawn_future.exception() if spawner._failed else None
        if error is not None:
            self.log.error("Previous spawn for %s failed: %s", spawner._log_name, error)
            self.set_status(error.status_code if isinstance(error, HTTPError) else 500)
        what = {"told": told(spawner, last, error), "failed": error is not None}
        return await self._filled("start_failed", user, spawner, **what, **state(last))

    async def _filled(self, name: str, user: Any, spawner: Any, **values: Any) -> str:
        page: str = await self.render_template(
            f"multiplespawner/{name}.html",
            user=user,
            spawner=spawner,
            server_name=spawner.name,
            auth_state=await user.get_auth_state(),
            in_words=in_words,
            **addresses(self, user, spawner.name),
            **values,
        )
        return page
