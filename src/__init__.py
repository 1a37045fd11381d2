"""MultipleSpawner: a JupyterHub spawner that rents, prepares and gives back the place a notebook runs."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .adapters.inbound.hub import MultipleSpawner as MultipleSpawner
    from .ssh_spawner import SSHSpawner as SSHSpawner

__all__ = ["MultipleSpawner", "SSHSpawner"]


def __getattr__(name: str) -> Any:
    if name == "MultipleSpawner":
        # only here is the hub imported: the command line and the domain start without it
        from .adapters.inbound.hub import MultipleSpawner
        from .adapters.inbound.hub.registering import register

        register()
        return MultipleSpawner
    if name == "SSHSpawner":
        from .ssh_spawner import SSHSpawner

        return SSHSpawner
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
