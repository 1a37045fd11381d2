"""What the signed-in user may choose."""

from .....domain.offers import schema
from .answering import OwnHandler, for_own_user
from .choosers import chooser
from .models import offer_model


class OffersHandler(OwnHandler):
    """Tells the user's offers, and what a request for one may say."""

    @for_own_user("read:servers")
    async def get(self) -> None:
        """All of them, in the order of the administrator's files."""
        house = await self.house()
        known = await chooser(house, self.current_user)
        available = await house.availabilities.of(known.offers)
        await self.answer(
            lambda: {
                # one after the other: so many at once would have Python collect its garbage
                "offers": (offer_model(offer, available[offer.id]) for offer in known.offers),
                "schema": schema(known.offers, empty=known.may_say_nothing),
                "remembered": known.remembered or None,
            }
        )
