"""What the administrator's files say, and what of them is not in force."""

from typing import Any

from attrs import asdict
from attrs.filters import exclude

from .....application.ports.configuration import Configuration
from .answering import OwnHandler, for_own_user


class ConfigurationHandler(OwnHandler):
    """Tells administrators what their edits have become."""

    @for_own_user("admin-ui")
    async def get(self) -> None:
        """The configuration in force, and newer files with errors, if there are any."""
        house = await self.house()
        current = await house.refresh_configuration()
        refused = house.ports.configurations.refused
        self.finish({"current": _model(current), "refused": None if refused is None else _model(refused)})


def _model(configuration: Configuration) -> dict[str, Any]:
    return {
        "digest": configuration.digest,
        "files": configuration.files,
        "offers": [offer.id for offer in configuration.offers],
        "problems": [
            {**asdict(problem, filter=exclude("place")), "path": problem.path}
            for problem in configuration.problems
        ],
    }
