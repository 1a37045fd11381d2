"""The administrator's page: which configuration is in force, what is wrong with it, and what is held."""

from jupyterhub.handlers.base import BaseHandler
from jupyterhub.scopes import needs_scope
from tornado import web

from ..houses import house_of
from ..traits import Traits
from .rendering import Rendered


class AdministrationPage(Rendered, BaseHandler):  # type: ignore[misc] # the hub has no types
    """`/hub/multiplespawner`, for whom the hub's own admin page is for."""

    @web.authenticated
    @needs_scope("admin-ui")  # type: ignore[untyped-decorator]
    async def get(self) -> None:
        """Show it."""
        spawner = self.current_user.spawner
        if not isinstance(spawner, Traits):
            raise web.HTTPError(404)
        house = await house_of(spawner)
        current = await house.refresh_configuration()
        page = "multiplespawner/administration.html"
        self.finish(await self.render_template(page, current=current))
