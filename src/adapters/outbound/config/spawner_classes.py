"""Finds a JupyterHub Spawner class by its dotted path, and says why it can't."""

from collections.abc import Iterator, Mapping
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from .lookups import CannotBe, NotAvailable
from .problems import near

OURS: Mapping[str, str] = {"sshspawner.sshspawner.SSHSpawner": "multiplespawner.ssh_spawner.SSHSpawner"}
"""What this package serves itself: the packages of that name don't work with today's JupyterHub."""

PACKAGES: Mapping[str, str] = {
    "batchspawner": "pip install batchspawner",
    "dockerspawner": "pip install 'multiplespawner[docker]'",
    "jhub": "pip install jhub-swarmspawner",
    "kubespawner": "pip install jupyterhub-kubespawner",
    "sudospawner": "pip install sudospawner",
    "systemdspawner": "pip install jupyterhub-systemdspawner",
    "wrapspawner": "pip install wrapspawner",
}
"""How to get the package of a module."""

EXPECTED = "the dotted path of a JupyterHub Spawner class"


def real_path(path: str) -> str:
    """Where the class lies that a template names."""
    return OURS.get(path, path)


def find_spawner_class(path: str) -> type:
    """Import the class; raises NotAvailable or CannotBe. Blocks while it imports."""
    path = real_path(path)
    module_path, _, name = path.rpartition(".")
    module = _module(module_path)
    found = getattr(module, name, None)
    if found is None:
        choices = dict(_spawners(module))
        raise CannotBe(f"{module_path} has no {name}", EXPECTED, _path(module_path, near(name, choices)))
    if not _is_spawner(found):
        raise CannotBe(f"{path} is not a Spawner class", EXPECTED)
    if found.__module__.startswith(__name__.partition(".adapters.")[0] + ".adapters.inbound."):
        raise CannotBe(f"{path} is what starts inner spawners", "another Spawner class")
    return found  # type: ignore[no-any-return]


def _module(path: str) -> ModuleType:
    top = path.partition(".")[0]
    try:
        return import_module(path)
    except ModuleNotFoundError as error:
        if error.name == top:
            how = PACKAGES.get(top, "Install the package that brings it, or correct the name.")
            raise NotAvailable(f"The package {top} is not installed. {_sentence(how)}") from error
        if error.name and f"{path}.".startswith(f"{error.name}."):
            raise CannotBe(f"no module {error.name}", EXPECTED, _sibling(error.name)) from error
        raise NotAvailable(f"{path} needs the module {error.name}, which is not installed.") from error
    except (Exception, SystemExit) as error:  # foreign code: whatever it raises while it is imported
        raise NotAvailable(
            f"{path} can't be imported: {type(error).__name__}. Repair its installation."
        ) from error


def _sentence(command: str) -> str:
    return f"Do: {command}" if command.startswith("pip ") else command


def _sibling(path: str) -> str:
    package, _, name = path.rpartition(".")
    try:
        names = [module.name for module in iter_modules(import_module(package).__path__)]
    except Exception:  # a module has no siblings; foreign code may do anything
        return ""
    return _path(package, near(name, names))


def _path(before: str, question: str) -> str:
    return question.replace("mean ", f"mean {before}.") if question else ""


def _spawners(module: ModuleType) -> Iterator[tuple[str, type]]:
    return ((name, each) for name, each in vars(module).items() if _is_spawner(each))


def _is_spawner(found: object) -> bool:
    # only here is the hub imported: files without a usable class are checked without it
    from jupyterhub.spawner import Spawner

    return isinstance(found, type) and issubclass(found, Spawner)
