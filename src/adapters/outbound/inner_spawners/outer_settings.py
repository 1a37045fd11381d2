"""What an administrator or a hook set on the outer spawner, told apart from its defaults."""

from collections.abc import Iterable
from typing import Any

from jupyterhub.spawner import Spawner
from traitlets import All

from .settings import OUTER_ONLY, takes


class OuterSettings:
    """Remembers the outer spawner as constructed, and tells later what was set on it since.

    Construct it at the end of the outer spawner's constructor. Traits that got their default on first use
    don't count as set; dicts and lists changed in place do.
    """

    def __init__(self, outer: Spawner, given: Iterable[str] = ()) -> None:
        """Remember `outer`; `given` are the names its constructor was called with."""
        self.outer = outer
        self._set = set(given)
        self._first = {name: _copied(value) for name, value in self._present().items()}
        outer.observe(self._note_default, names=All, type="default")

    def note(self, name: str) -> None:
        """Count `name` as set. From `__setattr__` it makes setting a default's own value count, too."""
        self._set.add(name)

    def settle(self, *names: str) -> None:
        """Count the present values of `names` as the outer spawner's own, not as set by a hook."""
        self._set.difference_update(names)
        present = self._present()
        self._first.update({name: _copied(present[name]) for name in names if name in present})

    def configured(self, spawner_class: type[Spawner]) -> dict[str, Any]:
        """Return what the configuration says of the outer class alone, as far as the inner class takes it.

        What stands under `c.Spawner` reaches the inner spawner without us, and what stands under the inner
        class's own name wins.
        """
        ours, theirs = self.outer.section_names(), spawner_class.section_names()
        names = self._sections(ours, but=theirs) - self._sections(theirs, but=ours)
        return self._passing(spawner_class, {name: self._first[name] for name in names & self._first.keys()})

    def changed(self, spawner_class: type[Spawner]) -> dict[str, Any]:
        """Return what was set since, as far as the inner class takes it; `environment` is not in it."""
        changed = {name: value for name, value in self._present().items() if self._differs(name, value)}
        changed.pop("environment", None)
        return self._passing(spawner_class, changed)

    def environment(self) -> tuple[dict[str, Any], frozenset[str]]:
        """Return the environment variables set since, and the names of those removed since."""
        first = {} if "environment" in self._set else self._first.get("environment", {})
        now = self.outer.environment
        fresh = {key: value for key, value in now.items() if key not in first or first[key] != value}
        return fresh, frozenset(first.keys() - now.keys())

    def _sections(self, sections: list[str], but: list[str]) -> set[str]:
        config = self.outer.config or {}
        return {key for name in sections if name not in but and name in config for key in config[name]}

    def _passing(self, spawner_class: type[Spawner], values: dict[str, Any]) -> dict[str, Any]:
        return {
            name: _copied(value)
            for name, value in values.items()
            if name not in OUTER_ONLY and takes(spawner_class, name)
        }

    def _present(self) -> dict[str, Any]:
        # Asking traitlets by its public way would make defaults of what nobody has set or read.
        plain = {name: value for name, value in vars(self.outer).items() if not name.startswith("_")}
        return {**plain, **self.outer._trait_values}

    def _differs(self, name: str, value: Any) -> bool:
        return name in self._set or name not in self._first or not _same(self._first[name], value)

    def _note_default(self, change: Any) -> None:
        self._first[change["name"]] = _copied(change["value"])


def _copied(value: Any) -> Any:
    """Copy the containers but not what is in them: a copied method would copy its spawner."""
    if isinstance(value, dict):
        return type(value)({key: _copied(each) for key, each in value.items()})
    if isinstance(value, list):
        return [_copied(each) for each in value]
    return set(value) if isinstance(value, set) else value


def _same(one: Any, other: Any) -> bool:
    try:
        return one is other or bool(one == other)
    except Exception:
        return False  # arrays and the like: rather pass it on than lose it
