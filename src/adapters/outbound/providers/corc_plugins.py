"""corc's plug-ins that rent out machines: which are installed, and how their functions are called.

corc itself is an extra (it is GPL-2.0); its plug-ins are two modules: `<name>.client`, which has
`new_client(driver, **settings)`, and the one of the entry point, which has the functions below.
"""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from types import ModuleType
from typing import Any

from attrs import frozen

from ..plugins import IncompatiblePlugin, NotInstalled

GROUP = "corc.plugins.orchestration"
"""corc's entry points of plug-ins that rent out machines."""

FUNCTIONS = ("create", "get", "ls", "remove", "show", "start", "state", "stop")
"""What such a plug-in must have: `async def f(client, …) -> (worked, {"msg": …, …})`."""

Answer = tuple[bool, Mapping[str, Any]]


@frozen
class CorcPlugin:
    """One of corc's plug-ins, imported."""

    name: str
    new_client: Callable[..., Any]
    functions: Mapping[str, Callable[..., Coroutine[Any, Any, Answer]]]

    async def call(self, function: str, client: Any, *args: Any, seconds: float, **settings: Any) -> Answer:
        """Call one of its functions in a thread of its own, as they are coroutines that block.

        Raises TimeoutError after `seconds`; the thread then goes on until the plug-in returns.
        """

        def run() -> Answer:
            return asyncio.run(self.functions[function](client, *args, **settings))

        thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix=f"corc-{self.name}")
        try:
            return await asyncio.wait_for(asyncio.get_running_loop().run_in_executor(thread, run), seconds)
        finally:
            thread.shutdown(wait=False)


def names() -> tuple[str, ...]:
    """Names of the plug-ins that corc finds, sorted; none of them is imported. Raises NotInstalled."""
    return tuple(sorted(plugin.name for plugin in _corc().get_plugins(plugin_type=GROUP)))


def load(name: str) -> CorcPlugin:
    """Have corc discover and import a plug-in; blocks. Raises NotInstalled, IncompatiblePlugin."""
    found = _corc().discover(name, plugin_type=GROUP)
    if not found:
        raise NotInstalled(GROUP, name, f"corc does not find it; pip install {name}")
    client, instance = _imported(name, f"{name}.client"), _imported(name, found.module)
    missing = [wanted for wanted in FUNCTIONS if not callable(getattr(instance, wanted, None))]
    if missing or not callable(getattr(client, "new_client", None)):
        raise IncompatiblePlugin(GROUP, name, f"it lacks {', '.join(missing or ['client.new_client'])}")
    return CorcPlugin(name, client.new_client, {wanted: getattr(instance, wanted) for wanted in FUNCTIONS})


def _corc() -> Any:
    try:
        return import_module("corc.core.plugins.plugin")
    except ImportError as error:
        advice = "corc is not installed; pip install 'multiplespawner[corc]'"
        raise NotInstalled(GROUP, "corc", advice) from error


def _imported(name: str, module: str) -> ModuleType:
    try:
        imported: ModuleType = _corc().import_plugin(module, return_module=True)
    except Exception as error:  # foreign code: whatever it raises while importing
        # corc says only which plug-in failed; what it was is the context of its error
        cause = error.__context__ or error
        raise NotInstalled(GROUP, name, f"{module} can't be imported ({cause!r:.200})") from error
    return imported
