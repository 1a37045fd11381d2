"""Put the tests' spawners behind wrapspawner, which breaks many of them, as the harness must see."""

from pathlib import Path
from typing import Any

from jupyterhub.spawner import Spawner
from wrapspawner import WrapSpawner


def outer_class(inner: type[Spawner], _kwargs: dict[str, Any], _folder: Path) -> type[Spawner]:
    """A wrapper of the class asked for."""

    class Wrapped(WrapSpawner):  # type: ignore[misc]
        def load_child_class(self, _state: dict[str, Any]) -> None:
            self.child_class = inner

    return Wrapped
