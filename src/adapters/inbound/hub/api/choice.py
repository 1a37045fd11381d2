"""What a request would start, without starting it."""

from .answering import OwnHandler, for_own_user
from .bodies import read_json
from .choosers import chooser
from .models import choice_model


class ChoiceHandler(OwnHandler):
    """Judges a request as a start does."""

    @for_own_user("start:servers")
    async def post(self) -> None:
        """The offer and the selection that would be started, or why nothing would."""
        request = read_json(self.request.body, self.request.headers.get("Content-Type"))
        house = await self.house()
        choice = (await chooser(house, self.current_user)).choose(request)
        available = await house.availabilities.of([choice.offer])
        self.finish(choice_model(choice, available[choice.offer.id]))
