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


class NoMachineFits(Refusal):
    """No machine of the pool could ever give this, even if nothing else were on it."""

    code = "no_machine_fits"

    def __init__(self) -> None:
        super().__init__("No machine here has as much as you ask for. Choose less, or another offer.")


class NoMachineUsable(Refusal):
    """All machines that could give it are out of order."""

    code = "no_machine_usable"

    def __init__(self, machines: int) -> None:
        which = "The machine" if machines == 1 else f"Each of the {machines} machines"
        super().__init__(
            f"{which} for this offer is out of order now. Try again later, choose another offer, or tell "
            "your administrator."
        )
        self.machines = machines
