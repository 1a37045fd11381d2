"""Why an allowance says no."""

from ..refusals import Refusal
from ..values import Amount


class PoolFull(Refusal):
    """What is shared would be exceeded."""

    code = "pool_full"

    def __init__(self, wanted: Amount, free: float) -> None:
        super().__init__(
            f"Nothing of this kind is free now ({wanted.of}: {free:g} left, {wanted.quantity:g} needed). "
            "Try again later or choose another offer."
        )
        self.wanted = wanted
        self.free = free
