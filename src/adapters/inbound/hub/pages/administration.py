"""The administrator's page: which configuration is in force, what is wrong with it, and what is held."""

from jupyterhub.handlers.base import BaseHandler
from jupyterhub.scopes import needs_scope
from tornado import web

from .....domain.offers import words
from ..houses import house_of
from ..in_force import in_force
from ..traits import Traits
from .overview import holdings
from .rendering import Rendered


class AdministrationPage(Rendered, BaseHandler):  # type: ignore[misc] # the hub has no types
    """`/hub/multiplespawner`, for whom the hub's own admin page is for."""

    @web.authenticated
    @needs_scope("admin-ui")  # type: ignore[untyped-decorator]
    async def get(self) -> None:
        """Show how things are now."""
        spawner = self.current_user.spawner
        if not isinstance(spawner, Traits):
            raise web.HTTPError(404)
        house = await house_of(spawner)
        current = await in_force(house)
        said = {
            "current": current,
            "available": await house.availabilities.of(current.offers),
            "refused": house.ports.configurations.refused,
            "holdings": await holdings(house),
        }
        overview = await self.render_apart("multiplespawner/overview.html", words=words, **said)
        self.finish(await self.render_template("multiplespawner/administration.html", overview=overview))
