"""How adapters are found by entry points."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from multiplespawner.adapters.outbound.plugins import (
    PROVIDERS,
    AmbiguousPlugin,
    IncompatiblePlugin,
    NotInstalled,
    Plugins,
)

Offer = Callable[..., None]


@pytest.fixture
def offer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Offer:
    """Puts a distribution with one provider and its module on the path."""

    def make(distribution: str, name: str, value: str, module: str = "", extra: str = "") -> None:
        folder = tmp_path / distribution
        info = folder / f"{distribution.replace('-', '_')}-1.0.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[{PROVIDERS}]\n{name} = {value}{extra}\n")
        (folder / f"{value.split(':')[0]}.py").write_text(dedent(module))
        monkeypatch.syspath_prepend(folder)

    return make


def test_the_local_provider_comes_through_the_door() -> None:
    """What is built in is offered as anything else is."""
    assert "local" in Plugins(PROVIDERS).names()
    assert Plugins(PROVIDERS).load("local").__name__ == "LocalProvider"


def test_a_foreign_adapter_is_loaded(offer: Offer) -> None:
    """An adapter of another distribution is found by its name."""
    offer("cloudy", "cloud", "plugin_cloud:Cloud", "class Cloud:\n    api = 1\n")
    assert "cloud" in Plugins(PROVIDERS).names()
    assert Plugins(PROVIDERS).distributions("cloud") == ("cloudy 1.0",)
    assert Plugins(PROVIDERS).load("cloud").__name__ == "Cloud"


def test_nothing_is_imported_before_it_is_used(offer: Offer) -> None:
    """Listing names imports no adapter."""
    offer("heavy", "heavy", "plugin_heavy:Heavy", "raise RuntimeError('imported')")
    assert "heavy" in Plugins(PROVIDERS).names()
    assert "plugin_heavy" not in sys.modules


def test_a_slip_of_the_pen_is_shown_the_near_name(offer: Offer) -> None:
    """A name that nobody offers is answered with one that looks alike."""
    offer("cloudy", "cloud", "plugin_near:Cloud")
    with pytest.raises(NotInstalled) as caught:
        Plugins(PROVIDERS).load("clowd")
    assert (caught.value.name, caught.value.near) == ("clowd", "cloud")


@pytest.mark.parametrize("name", ["oci", "aws", "libvirt_provider"])
def test_what_is_expected_but_missing_says_so(name: str) -> None:
    """A known name of which there is no adapter yet is answered honestly."""
    if name in Plugins(PROVIDERS).names():
        pytest.skip("it is installed here")
    with pytest.raises(NotInstalled, match="not available in this version"):
        Plugins(PROVIDERS).load(name)


@pytest.mark.parametrize(
    "module",
    [
        "import something_that_is_not_there",
        "raise RuntimeError('first line\\nsecond line')",
        "raise SystemExit(3)",
        "class Wrong: pass",
        "def broken(:",
    ],
)
def test_an_adapter_that_cannot_be_imported_is_not_installed(offer: Offer, module: str) -> None:
    """Whatever happens while importing is one line of one error."""
    offer("broken", "broken", "plugin_broken:Broken", module)
    sys.modules.pop("plugin_broken", None)
    with pytest.raises(NotInstalled) as caught:
        Plugins(PROVIDERS).load("broken")
    assert len(str(caught.value).splitlines()) == 1


def test_a_missing_extra_says_what_to_install(offer: Offer) -> None:
    """An entry point that names an extra leads to the command that installs it."""
    offer("cloudy", "cloud", "plugin_extra:Cloud", "import not_there_at_all", extra=" [sdk]")
    with pytest.raises(NotInstalled, match=r"pip install 'cloudy\[sdk\]'"):
        Plugins(PROVIDERS).load("cloud")


def test_two_distributions_with_one_name_are_both_named(offer: Offer) -> None:
    """Which one is meant is not guessed."""
    offer("one", "cloud", "plugin_one:Cloud", "class Cloud:\n    api = 1\n")
    offer("two", "cloud", "plugin_two:Cloud", "class Cloud:\n    api = 1\n")
    with pytest.raises(AmbiguousPlugin) as caught:
        Plugins(PROVIDERS).load("cloud")
    assert caught.value.distributions == ("one 1.0", "two 1.0")


@pytest.mark.parametrize("body", ["class Odd:\n    api = 2\n", "class Odd: pass\n", "def Odd(): pass\n"])
def test_an_adapter_for_another_port_is_refused(offer: Offer, body: str) -> None:
    """Only classes that declare `api = 1` are adapters."""
    offer("odd", "odd", "plugin_odd:Odd", body)
    sys.modules.pop("plugin_odd", None)
    with pytest.raises(IncompatiblePlugin):
        Plugins(PROVIDERS).load("odd")


def test_finding_does_not_import_the_hub() -> None:
    """The command line asks for adapters without loading JupyterHub."""
    code = (
        "import sys; from multiplespawner.adapters.outbound.plugins import PROVIDERS, Plugins; "
        "Plugins(PROVIDERS).names(); sys.exit('jupyterhub' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], timeout=60).returncode == 0
