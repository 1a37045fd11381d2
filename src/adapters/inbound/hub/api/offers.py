"""What the signed-in user may choose."""

import asyncio
import json
from collections.abc import Mapping

from .....application.ports.provider import Availability
from .answering import OwnHandler, for_own_user
from .choosers import Chooser, chooser
from .models import availability_model
from .texts import Texts


class OffersHandler(OwnHandler):
    """Tells the user's offers, and what a request for one may say."""

    @for_own_user("read:servers")
    async def get(self) -> None:
        """All of them, in the order of the administrator's files."""
        house = await self.house()
        known = await chooser(house, self.current_user)
        available = await house.availabilities.of(known.offers)
        texts = Texts.of(self.settings, known.configuration)
        self.finish(await asyncio.to_thread(_told, known, available, texts))


def _told(known: Chooser, available: Mapping[str, Availability], texts: Texts) -> str:
    free = {offer.id: json.dumps(availability_model(available[offer.id])) for offer in known.offers}
    offers = (f'{texts.offer(offer)[:-1]}, "availability": {free[offer.id]}}}' for offer in known.offers)
    remembered = json.dumps(known.remembered or None)
    return f'{{"offers": [{", ".join(offers)}], "schema": {texts.schema(known)}, "remembered": {remembered}}}'
