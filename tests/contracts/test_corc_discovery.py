"""corc's plug-in discovery does what the adapter relies on, with the real corc and a stand-in plug-in."""

import asyncio
import inspect
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from textwrap import dedent
from threading import Event
from typing import Any, NoReturn

import pytest

from multiplespawner.adapters.outbound.plugins import IncompatiblePlugin, NotInstalled
from multiplespawner.adapters.outbound.providers import corc_plugins
from multiplespawner.testing.loop_stalls import Ticking

NAME = "standin_provider"

CLIENT = """
class Dummy:
    def __init__(self, **settings):
        self.settings = settings
        self.machines = {}

def new_client(provider, *args, **kwargs):
    if provider != "dummy":
        raise RuntimeError(f"Unknown provider: {provider}")
    return Dummy(**kwargs)
"""

INSTANCE = """
import time

async def create(client, name, image, **settings):
    time.sleep(settings.pop("blocking_for", 0))
    client.machines[name] = {"id": name, "image": image, **settings}
    return True, {"instance": client.machines[name], "msg": "Created instance"}

async def get(client, id):
    if id not in client.machines:
        return False, {"msg": "Failed to find instance"}
    return True, {"instance": client.machines[id], "msg": "Found instance"}

async def ls(client, **kwargs):
    return True, {"instances": list(client.machines.values()), "msg": "Found instances"}

async def remove(client, id, **kwargs):
    return client.machines.pop(id, None) is not None, {"id": id, "msg": "Removed instance"}

show = start = state = stop = get
"""


@pytest.fixture
def plugin(unavailable: Callable[[str], NoReturn]) -> Any:
    """corc's own module of plug-ins."""
    try:
        return import_module("corc.core.plugins.plugin")
    except ImportError:
        unavailable("corc is not installed")


@pytest.fixture
def standin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Puts a plug-in distribution on the path, laid out as libvirt_provider 0.0.6 is."""
    root = tmp_path / "site"

    def put(client: str = CLIENT, instance: str = INSTANCE) -> None:
        info = root / f"{NAME}-1.0.dist-info"
        (root / NAME / "instance").mkdir(parents=True)
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {NAME}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(
            f"[corc.plugins]\n{NAME} = {NAME}.instance\n\n[{corc_plugins.GROUP}]\n{NAME} = {NAME}.instance\n"
        )
        (root / NAME / "__init__.py").touch()
        (root / NAME / "client.py").write_text(dedent(client))
        (root / NAME / "instance" / "__init__.py").write_text(dedent(instance))
        monkeypatch.syspath_prepend(root)

    yield put
    for module in [m for m in sys.modules if m.split(".")[0] == NAME]:
        del sys.modules[module]


def test_corc_discovers_without_importing(plugin: Any, standin: Callable[..., None]) -> None:
    """A plug-in is known by name, group and module path; its code has not run."""
    standin()
    found = plugin.discover(NAME)
    assert (found.name, found.group, found.module) == (NAME, "corc.plugins", f"{NAME}.instance")
    assert NAME in [p.name for p in plugin.get_plugins(plugin_type=corc_plugins.GROUP)]
    assert NAME not in sys.modules


def test_corc_answers_false_for_what_is_missing(plugin: Any) -> None:
    """An unknown plug-in is False, not an error; an unknown module is a RuntimeError that doesn't say why."""
    assert plugin.discover("nobody_provider") is False
    assert plugin.load("nobody_provider") is False
    with pytest.raises(RuntimeError) as caught:
        plugin.import_plugin("nobody_provider", return_module=True)
    assert isinstance(caught.value.__context__, ImportError)


def test_corc_is_still_as_the_adapter_calls_it(plugin: Any) -> None:
    """The functions that we call are plain ones and take what we give."""
    for function, parameters in {
        plugin.discover: {"plugin_name", "plugin_type"},
        plugin.get_plugins: {"plugin_type"},
        plugin.import_plugin: {"plugin_name", "return_module"},
    }.items():
        assert not inspect.iscoroutinefunction(function)
        assert parameters <= set(inspect.signature(function).parameters)


def test_importing_corc_leaves_nothing_behind(plugin: Any, tmp_path: Path) -> None:
    """Looking for plug-ins makes no folder in the home of who looks."""
    code = "from multiplespawner.adapters.outbound.providers import corc_plugins; corc_plugins.names()"
    subprocess.run([sys.executable, "-c", code], env={**os.environ, "HOME": str(tmp_path)}, check=True)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("plugin")
async def test_a_machine_is_made_found_and_removed(standin: Callable[..., None]) -> None:
    """Through corc's discovery to the plug-in's functions and back."""
    standin()
    assert NAME in corc_plugins.names()
    machines = corc_plugins.load(NAME)
    client = machines.new_client("dummy", open_uri="test:///default")
    assert client.settings == {"open_uri": "test:///default"}
    worked, made = await machines.call("create", client, "m1", "/i.qcow2", memory_size="512MiB", seconds=5)
    assert (worked, made["instance"]["memory_size"]) == (True, "512MiB")
    assert (await machines.call("get", client, "m1", seconds=5))[0]
    assert (await machines.call("remove", client, "m1", seconds=5))[0]
    assert not (await machines.call("get", client, "m1", seconds=5))[0]


@pytest.mark.usefixtures("plugin")
async def test_functions_that_block_do_not_block_us(standin: Callable[..., None]) -> None:
    """The plug-in's coroutine sleeps in its thread while our loop goes on."""
    standin()
    machines = corc_plugins.load(NAME)
    client = machines.new_client("dummy")
    async with Ticking() as ticking:
        await machines.call("create", client, "m1", "/i", blocking_for=0.5, seconds=5)
    assert ticking.longest < 0.4


@pytest.mark.usefixtures("plugin")
async def test_a_plugin_that_hangs_is_left(standin: Callable[..., None]) -> None:
    """A call is bounded in time."""
    standin(instance=f"{INSTANCE}\nasync def ls(client):\n    client.wait(30)\n    return True, {{}}\n")
    machines = corc_plugins.load(NAME)
    client = Event()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(machines.call("ls", client, seconds=0.05), 10)
    client.set()


@pytest.mark.usefixtures("plugin")
def test_an_unknown_plugin_is_not_installed() -> None:
    """The name of what is missing is in the error."""
    with pytest.raises(NotInstalled) as caught:
        corc_plugins.load("nobody_provider")
    assert caught.value.name == "nobody_provider"


@pytest.mark.usefixtures("plugin")
@pytest.mark.parametrize("client", ["import libvirt_is_not_here", "raise ValueError('no such thing')"])
def test_a_plugin_that_cannot_be_imported_says_why(standin: Callable[..., None], client: str) -> None:
    """The cause that corc leaves out is in the one line."""
    standin(client=client)
    with pytest.raises(NotInstalled, match=r"libvirt_is_not_here|no such thing"):
        corc_plugins.load(NAME)


@pytest.mark.usefixtures("plugin")
def test_a_plugin_without_what_we_call_is_incompatible(standin: Callable[..., None]) -> None:
    """A missing function is found when it is loaded, not when a machine is to be destroyed."""
    standin(instance=INSTANCE + "\ndel remove\n")
    with pytest.raises(IncompatiblePlugin, match="remove"):
        corc_plugins.load(NAME)


def test_without_corc_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """corc is an extra."""
    monkeypatch.setitem(sys.modules, "corc.core.plugins.plugin", None)
    with pytest.raises(NotInstalled, match=r"multiplespawner\[corc\]"):
        corc_plugins.names()
