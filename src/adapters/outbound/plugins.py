"""Finds adapters by entry points, ours and those of other packages, and imports one only when it is used."""

from collections.abc import Mapping
from difflib import get_close_matches
from importlib.metadata import EntryPoint, entry_points

from attrs import frozen

API = 1
"""Version of the ports that this package calls."""

PROVIDERS = "multiplespawner.providers"
AUTHENTICATORS = "multiplespawner.authenticators"
CONFIGURERS = "multiplespawner.configurers"

_OWN_PACKAGE = "install a package that provides it, or write one: docs/guides/write-a-provider.md"
_NOT_YET = f"it is not available in this version of multiplespawner; {_OWN_PACKAGE}"

KNOWN: Mapping[str, Mapping[str, str]] = {
    PROVIDERS: {
        "aws": _NOT_YET,
        "libvirt_provider": f"the corc extra alone does not bring it: {_NOT_YET}",
        "oci": _NOT_YET,
    }
}
"""Names that people expect, by group, and what to do where they are missing."""


class PluginError(Exception):
    """An adapter can't be used; the message says what to do."""

    def __init__(self, group: str, name: str, message: str) -> None:
        super().__init__(f"{name!r} of {group}: {message}")
        self.group = group
        self.name = name


class NotInstalled(PluginError):
    """Nothing installed offers this name, or what does can't be imported."""

    def __init__(self, group: str, name: str, message: str, near: str | None = None) -> None:
        super().__init__(group, name, message)
        self.near = near
        """A name that is installed and looks alike; None if none does."""


class AmbiguousPlugin(PluginError):
    """More than one distribution offers this name."""

    def __init__(self, group: str, name: str, distributions: tuple[str, ...]) -> None:
        super().__init__(group, name, f"offered by {' and '.join(distributions)}; uninstall all but one")
        self.distributions = distributions


class IncompatiblePlugin(PluginError):
    """What is offered is not an adapter for this version of the ports."""


@frozen
class Plugins:
    """The adapters of one group."""

    group: str

    def names(self) -> tuple[str, ...]:
        """All names that are offered, sorted; nothing is imported."""
        return tuple(sorted(entry_points(group=self.group).names))

    def distributions(self, name: str) -> tuple[str, ...]:
        """Which distributions offer a name, such as `multiplespawner 0.1.0`, sorted; () if none does."""
        return tuple(sorted(_distribution(point) for point in self._offered(name)))

    def load(self, name: str) -> type:
        """Import the adapter class with this name; blocks while it imports.

        Raises NotInstalled, AmbiguousPlugin, IncompatiblePlugin.
        """
        offered = self._offered(name)
        if not offered:
            raise self._unknown(name)
        if len(offered) > 1:
            raise AmbiguousPlugin(self.group, name, self.distributions(name))
        return self._checked(name, offered[0], self._imported(name, offered[0]))

    def _offered(self, name: str) -> tuple[EntryPoint, ...]:
        return tuple(entry_points(group=self.group, name=name))

    def _unknown(self, name: str) -> NotInstalled:
        names = self.names()
        near = next(iter(get_close_matches(name, names, n=1)), None)
        question = f" (did you mean {near!r}?)" if near else ""
        advice = KNOWN.get(self.group, {}).get(name, _OWN_PACKAGE)
        known = ", ".join(names) or "nothing"
        return NotInstalled(
            self.group, name, f"not installed{question}; {advice}. Installed: {known}", near=near
        )

    def _imported(self, name: str, point: EntryPoint) -> object:
        try:
            return point.load()
        except (Exception, SystemExit) as error:  # foreign code: whatever it raises while importing
            raise NotInstalled(
                self.group,
                name,
                f"{_distribution(point)} can't be imported ({_one_line(error)}); {_cure(point)}",
            ) from error

    def _checked(self, name: str, point: EntryPoint, adapter: object) -> type:
        if not isinstance(adapter, type):
            raise IncompatiblePlugin(self.group, name, f"{point.value} of {_distribution(point)} is no class")
        api = getattr(adapter, "api", None)
        if api != API:
            raise IncompatiblePlugin(
                self.group,
                name,
                f"{_distribution(point)} was written for version {api!r} of the port and this is version "
                f"{API}; install a version of it that declares `api = {API}`",
            )
        return adapter


def _distribution(point: EntryPoint) -> str:
    return f"{point.dist.name} {point.dist.version}" if point.dist else "an unknown distribution"


def _cure(point: EntryPoint) -> str:
    if point.dist and point.extras:
        return f"install what it needs: pip install '{point.dist.name}[{','.join(point.extras)}]'"
    return "install what is missing, or reinstall that distribution"


def _one_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__
