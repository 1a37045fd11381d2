"""Goes on after a refusal, so that whoever asked is told all of them at once."""

from collections.abc import Callable, Iterable
from typing import Any

from ..refusals import Refusal


class Gathered:
    """The refusals of one request."""

    def __init__(self) -> None:
        self._refusals: list[Refusal] = []

    def add(self, *refusals: Refusal) -> None:
        """Take up refusals, each with those that it brings along."""
        for refusal in refusals:
            self._refusals += (refusal, *refusal.also)

    def attempt(self, judge: Callable[..., Any], *asked: object) -> Any:
        """What a rule makes of what is asked for; None where it refuses, which is taken up."""
        try:
            return judge(*asked)
        except Refusal as refusal:
            self.add(refusal)
            return None

    def settle(self, order: Iterable[object] = ()) -> None:
        """Raise the first refusal, with the others in `also`; nothing happens where there is none.

        `order`: places in the order of the request; what isn't among them comes last.
        """
        known = {place: number for number, place in enumerate(order)}
        if self._refusals:
            first, *others = sorted(self._refusals, key=lambda each: known.get(each.place, len(known)))
            for each in others:
                each.also = ()
            first.also = tuple(others)
            raise first
