"""Goes on after a refusal, so that whoever asked is told all of them at once."""

from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any

from ..refusals import Refusal

MOST = 100
"""Refusals of one request, so that a body of a million keys doesn't make a million."""


class Gathered:
    """The refusals of one request, up to so many."""

    def __init__(self) -> None:
        self._refusals: list[Refusal] = []

    def add(self, refusals: Iterable[Refusal]) -> None:
        """Take up refusals; no more are made than are taken."""
        room = MOST - len(self._refusals)
        self._refusals += islice(refusals, max(room, 0))

    def attempt(self, judge: Callable[..., Any], *asked: object) -> Any:
        """What a rule makes of what is asked for; None where it refuses, which is taken up."""
        try:
            return judge(*asked)
        except Refusal as refusal:
            self.add((refusal, *refusal.also))
            return None

    def settle(self, order: Iterable[object] = ()) -> None:
        """Raise the first refusal, with the others in `also`; nothing happens where there is none.

        `order`: places in the order of the request; what isn't among them comes last.
        """
        if self._refusals:
            known = {place: number for number, place in enumerate(order)}
            first, *others = sorted(self._refusals, key=lambda each: known.get(each.place, len(known)))
            for each in others:
                each.also = ()
            first.also = tuple(others)
            raise first
