"""Given facts, when a command comes, then these facts follow: for the four deciders."""

from collections.abc import Callable, Iterable
from typing import Any

from attrs import frozen


@frozen
class Decider:
    """One aggregate's two functions and its first state."""

    decide: Callable[[Any, Any], tuple[Any, ...]]
    evolve: Callable[[Any, Any], Any]
    new: Callable[[], Any]

    def given(self, *facts: Any) -> "Given":
        """What has happened."""
        return Given(self, self._after(facts))

    def _after(self, facts: Iterable[Any]) -> Any:
        state = self.new()
        for fact in facts:
            state = self.evolve(state, fact)
        return state


@frozen
class Given:
    """An aggregate to which something has happened."""

    decider: Decider
    state: Any

    def when(self, command: Any) -> tuple[Any, ...]:
        """The facts that follow; a refusal is raised."""
        return self.decider.decide(command, self.state)
