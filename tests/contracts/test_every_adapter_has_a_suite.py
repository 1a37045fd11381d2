"""No adapter goes untried, and no method of a port."""

import pytest

import adapters_and_suites as found

PORTS = found.ports()
IMPLEMENTED = [port for port in PORTS if found.adapters_of(port)]


def by_name(port: found.Port) -> str:
    return port.name


READ_ONLY = {
    "ReadOnlyPostgresEventLog": "tests/integration/test_postgres_read_only.py",
    "ReadOnlySqliteEventLog": "tests/unit/adapters/outbound/event_store/test_read_only_log.py",
}
"""Adapters that refuse to write, and where they are tried."""


def test_it_sees_the_ports_and_their_adapters() -> None:
    """What looks for gaps finds what there is; else it would never find a gap."""
    assert {"Provider", "EventLog", "Claims", "PrivateStore"} <= {port.name for port in IMPLEMENTED}
    provider = next(port for port in PORTS if port.name == "Provider")
    assert {"ensure", "get", "find", "list_owned", "destroy", "limits"} == provider.methods
    assert {"LocalProvider", "MemoryProvider", "ProviderThatIsDown"} <= found.adapters_of(provider)


@pytest.mark.parametrize("port", IMPLEMENTED, ids=by_name)
def test_every_adapter_runs_the_suite_of_its_port(port: found.Port) -> None:
    """Each class that has all methods of a port is named by a test that inherits the port's suite."""
    assert found.contracts(port), f"no suite in {port.suite}"
    assert found.adapters_of(port) - found.tried(port) - READ_ONLY.keys() == frozenset()


@pytest.mark.parametrize(("name", "tests"), READ_ONLY.items())
def test_what_can_only_read_has_tests_of_its_own(name: str, tests: str) -> None:
    """It refuses half of its port, so the suite is not for it."""
    assert name in (found.ROOT / tests).read_text()


@pytest.mark.parametrize("port", PORTS, ids=by_name)
def test_no_adapter_lacks_a_method(port: found.Port) -> None:
    """A class that a port grew past is noticed, and not taken for something else."""
    assert found.nearly_adapters_of(port) == {}


@pytest.mark.parametrize("port", IMPLEMENTED, ids=by_name)
def test_every_method_of_a_port_is_in_its_suite(port: found.Port) -> None:
    """A promise that no suite mentions is kept by nobody."""
    assert port.methods - found.called_in_suite(port) == frozenset()


def test_every_registered_adapter_is_tried() -> None:
    """What an entry point of ours hands out has passed a suite."""
    assert found.registered() - {name for port in PORTS for name in found.tried(port)} == frozenset()
