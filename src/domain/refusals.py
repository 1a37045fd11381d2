"""A no: a command that is not carried out, with a stable reason; no aggregate changes."""

from typing import ClassVar


class Refusal(Exception):
    """We say no; `code` is stable and public, the message is for the person who asked."""

    code: ClassVar[str] = "refused"
    place: str = ""
    """Which part of what was asked for it is about; empty for the whole."""
    also: "tuple[Refusal, ...]" = ()
    """What else there is to refuse in what was asked for."""

    @property
    def message(self) -> str:
        """What to tell the person who asked."""
        return str(self)


class OutOfOrder(Refusal):
    """The command does not fit what has already happened, such as starting what has ended."""

    code = "out_of_order"

    def __init__(self, command: str, phase: str) -> None:
        super().__init__(f"{command} is not possible: it is {phase}.")
        self.command = command
        self.phase = phase
