"""Given what an administrator says of hosts, then mistakes are told and the rest is taken as meant."""

from pathlib import Path
from typing import Any

import pytest

from multiplespawner.adapters.outbound.config.provider_settings import flaws, known_settings, structured
from multiplespawner.adapters.outbound.providers.hosts.settings import HostSettings, HostsSettings
from multiplespawner.domain.allowance import Member
from multiplespawner.domain.values import Amount

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJzSYVJ0n2Dv5kRMt4nLKYPhwiNIgk8Y7yeUQ2XZ3wbE"
PRIVATE = "-----BEGIN OPENSSH PRIVATE KEY-----\ncanary\n-----END OPENSSH PRIVATE KEY-----"
DOCUMENT = (Path(__file__).parents[6] / "docs" / "configuration.md").read_text()
ONE = {"name": "gpu1", "address": "10.0.0.1"}


def said(**of_the_pool: Any) -> HostsSettings:
    """Settings as the configuration makes them."""
    made: HostsSettings = structured(of_the_pool, HostsSettings)
    return made


def words(**of_the_pool: Any) -> list[str]:
    """What is wrong with settings."""
    return [f"{setting or ''}{expected}" for setting, expected in flaws(of_the_pool, HostsSettings)]


def test_a_machine_with_all_that_can_be_said() -> None:
    """Numbers may be text."""
    settings = said(
        hosts=[
            {
                **ONE,
                "sessions": "4",
                "cpu": 16,
                "memory": "128",
                "gpu": "2",
                "gpu_kind": "a100",
                "labels": {"rack": "7"},
            }
        ]
    )
    assert settings.hosts[0].member == Member(
        "gpu1",
        (Amount("sessions", 4), Amount("cpu", 16), Amount("memory", 128), Amount("gpu", 2)),
        "a100",
        (("rack", "7"),),
    )


def test_a_machine_of_which_little_is_said() -> None:
    """One session at a time, and no limit of what nobody limits."""
    assert said(hosts=[ONE]).hosts[0].member == Member("gpu1", (Amount("sessions", 1),))


def test_what_a_machine_does_not_say_is_the_pools() -> None:
    """And what it says is its own."""
    pool = {"port": 2222, "user": "ops", "ssh_keyfile": "~/k", "strict_host_key_checking": "accept-new"}
    own = {"port": 23, "user": "me", "ssh_keyfile": "/k", "strict_host_key_checking": "yes"}
    settings = said(hosts=[ONE, {"name": "b", "address": "b", **own}], **pool)
    first, second = settings.hosts
    assert (settings.port_of(first), settings.port_of(second)) == (2222, 23)
    assert (settings.user_of(first), settings.user_of(second)) == ("ops", "me")
    assert settings.key_file_of(first) == Path("~/k").expanduser()
    assert settings.key_file_of(second) == Path("/k")
    assert (settings.takes_new_key_of(first), settings.takes_new_key_of(second)) == (True, False)
    assert said(hosts=[ONE]).key_file_of(first) is None


@pytest.mark.parametrize("lines", [KEY, [KEY], f"{KEY}\n", [f"{KEY} a comment", ""], f"{KEY}\n\n{KEY}\n"])
@pytest.mark.parametrize("setting", ["host_key", "host_ca"])
def test_keys_of_a_machine_are_one_text_or_several(setting: str, lines: Any) -> None:
    """Empty lines and comments are none."""
    found = getattr(said(hosts=[{**ONE, setting: lines}]).hosts[0], setting)
    assert {" ".join(line.split()[:2]) for line in found} == {KEY}


@pytest.mark.parametrize(
    "address", ["10.0.0.1", "::1", "fe80::1%eth0", "gpu1", "gpu-1.example", "a.b.", "g_1"]
)
def test_addresses(address: str) -> None:
    """Of both kinds, and names."""
    assert words(hosts=[{"name": "a", "address": address}]) == []


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        *(("name", name) for name in ("", "a b", "-a", "a/b", "ä", "a\n", "x" * 65, "$(id)", "..")),
        *(
            ("address", address)
            for address in ("", "-oProxyCommand=id", "a b", "u@h", "h:22", "a;id", "1.2.3")
        ),
        *(
            ("address", address)
            for address in ("$(id)", "[::1]", "*", "x" * 300, "a\nb", "a..b", "10.0.0.0/8", "::1%$(id)")
        ),
        *(("port", port) for port in (0, -1, 65536)),
        *(("user", user) for user in ("", "-l", "a b", "a;id", "ä", "x" * 33)),
        ("sessions", 0),
        *((of, amount) for of in ("cpu", "memory") for amount in (0, -1, "nan")),
        ("gpu", -1),
        ("gpu_kind", "a100"),
        *(("labels", labels) for labels in ({"a b": "c"}, {"a": "b\nc"}, {"a": "x" * 256})),
        *(
            (setting, key)
            for setting in ("host_key", "host_ca")
            for key in (f"gpu1 {KEY}", KEY[:-5], "ssh-ed25519", f"@cert-authority {KEY}", "x", PRIVATE, 3)
        ),
        *(("strict_host_key_checking", said) for said in ("no", "", "ask")),
    ],
)
def test_mistakes_of_a_machine(setting: str, value: Any) -> None:
    """Each is told with the machine's place and the setting; no key is told."""
    (told,) = words(hosts=[ONE, {"name": "b", "address": "b", setting: value}])
    assert told.startswith("hosts[1]")
    assert setting in told
    assert "canary" not in told


def test_all_mistakes_of_all_machines_are_told_at_once() -> None:
    """Nobody runs `check` ten times."""
    told = words(
        hosts=[
            {"name": "a b", "address": "-x", "port": 0, "user": "-l", "gpu": -1},
            {"name": "b"},
            {"name": "c", "address": "c", "adress": "d", "port": "ssh"},
        ],
        port="ssh",
    )
    for word in ("name: ", "address: ", "port: ", "user: ", "gpu: "):
        assert word in told[0]
    assert {each.partition(":")[0] for each in told[:-1]} == {
        *("hosts[0]", "hosts[1].address", "hosts[2].port", "hosts[2]"),
    }
    assert told[-1].startswith("port")


@pytest.mark.parametrize(
    ("pool", "word"),
    [
        ({}, "hosts"),
        ({"hosts": []}, "at least one"),
        ({"hosts": [ONE, {**ONE, "address": "b"}]}, "gpu1 stands twice"),
        ({"hosts": [ONE, {**ONE, "name": "b"}]}, "gpu1 and b are one machine"),
        ({"hosts": [ONE, {**ONE, "name": "b", "port": 22}]}, "gpu1 and b are one machine"),
        ({"hosts": [ONE], "port": 0}, "port: "),
        ({"hosts": [ONE], "user": "-l"}, "user: "),
        ({"hosts": [ONE], "strict_host_key_checking": "no"}, "strict_host_key_checking: "),
        ({"hosts": [ONE], "connect_timeout": 0}, "connect_timeout"),
        *(({"hosts": [ONE], "source_address": s}, "source_address") for s in ("hub", "192.0.2.7/24", 7, [7])),
        ({"hosts": [ONE], "terminate_timeout": -1}, "terminate_timeout"),
        ({"hosts": [{"name": f"a{n}", "address": f"a{n}"} for n in range(1001)]}, "at most 1000"),
    ],
)
def test_mistakes_of_a_pool(pool: dict[str, Any], word: str) -> None:
    """Each is told."""
    (told,) = words(**pool)
    assert word in told


def test_one_address_on_two_ports_is_two_machines() -> None:
    """Containers, or what lies behind a forward."""
    assert words(hosts=[ONE, {**ONE, "name": "b", "port": 23}]) == []


def test_settings_that_are_the_same_are_equal() -> None:
    """Or the provider would be made again at each look."""
    assert said(hosts=[{**ONE, "host_key": [KEY]}]) == said(hosts=[{**ONE, "host_key": KEY}])
    assert HostSettings("a", "b") == HostSettings("a", "b")


@pytest.mark.parametrize("name", [*known_settings(HostSettings), *known_settings(HostsSettings)])
def test_every_setting_is_documented(name: str) -> None:
    """In the part of the documentation that is about hosts."""
    _, _, after = DOCUMENT.partition("\n## Hosts\n")
    part, _, _ = after.partition("\n## ")
    assert f"`{name}`" in part
