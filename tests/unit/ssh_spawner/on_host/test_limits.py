"""Limits are set where the host lets the account, and named where it doesn't."""

import subprocess
from pathlib import Path
from uuid import uuid4

import pytest

from multiplespawner.ssh_spawner.on_host import limits
from multiplespawner.ssh_spawner.on_host.limits import Limits


def program(path: Path, text: str) -> None:
    """An executable shell script."""
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def test_nothing_is_done_where_nothing_is_to_be_limited():
    """No group, no wrapper."""
    held = Limits(None, None, "x")
    assert (held.prepare("/usr/bin:/bin"), held.before, held.groups, held.missing) == ("none", [], [], [])


@pytest.fixture
def systemd(tmp_path, monkeypatch):
    """Makes one that takes any limit, and applies those of the controllers that it may use."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/run/user/1")
    monkeypatch.setattr(limits, "ROOT", str(tmp_path / "cgroup"))
    monkeypatch.setattr(limits, "OWN", str(tmp_path / "own"))
    (tmp_path / "own").write_text("1:name=systemd:/user\n0::/user/scope\n")
    scope = tmp_path / "cgroup" / "user" / "scope"
    scope.mkdir(parents=True)

    def make(*controllers: str) -> str:
        for name in controllers:
            (scope / f"{name}.max").write_text("max" if name == "memory" else "max 100000")
        text = f"""
        while [ "$1" != /bin/sh ]; do
            case "$1" in
            MemoryMax=*) [ ! -f {scope}/memory.max ] || echo "${{1#*=}}" >{scope}/memory.max ;;
            CPUQuota=*) value="${{1#*=}}"
                [ ! -f {scope}/cpu.max ] || echo "${{value%\\%}}000 100000" >{scope}/cpu.max ;;
            esac
            shift
        done
        exec "$@"
        """
        program(tmp_path / "systemd-run", text)
        return f"{tmp_path}:/usr/bin:/bin"

    return make


def test_systemd_is_asked_where_the_account_has_one(systemd):
    """The command runs in a scope of its own, without what names the SSH session."""
    held = Limits(2**30, 1.5, "name")
    assert held.prepare(systemd("memory", "cpu")) == "systemd"
    assert held.missing == []
    assert {"--scope", "MemoryMax=1073741824", "CPUQuota=150%", "jupyterhub-name"} <= set(held.before)
    assert held.before[-5:] == ["/usr/bin/env", "-u", "XDG_RUNTIME_DIR", "-u", "DBUS_SESSION_BUS_ADDRESS"]


def test_what_systemd_takes_but_does_not_apply_is_named(systemd):
    """As for controllers that the system did not hand on to the account."""
    held = Limits(2**30, 1.5, "name")
    assert held.prepare(systemd("memory")) == "systemd"
    assert held.missing == ["cpu"]
    assert held.before != []


def test_a_systemd_that_applies_nothing_is_not_used(systemd):
    """As on hosts with cgroups of the first version: another way is tried."""
    held = Limits(2**30, 1.5, "name")
    assert held.prepare(systemd()) == "cgroup"
    assert held.before == []


def test_a_limit_above_the_wanted_one_is_none(systemd, tmp_path):
    """Such as one that an administrator has set for all."""
    held = Limits(2**30, None, "name")
    path = systemd("memory")
    program(tmp_path / "systemd-run", 'while [ "$1" != /bin/sh ]; do shift; done; exec "$@"')
    (tmp_path / "cgroup/user/scope/memory.max").write_text(str(2**31))
    assert held.prepare(path) != "systemd"


def test_a_systemd_that_refuses_is_not_used(systemd, tmp_path, monkeypatch):
    """What can't be limited in another way either is named."""
    path = systemd("memory", "cpu")
    monkeypatch.setattr(limits, "ROOT", str(tmp_path / "no cgroups"))
    program(tmp_path / "systemd-run", "exit 1")
    held = Limits(2**30, 1.5, "name")
    assert held.prepare(path) == "impossible"
    assert held.missing == ["memory", "cpu"]


def test_a_kernel_without_groups_limits_nothing(tmp_path, monkeypatch):
    """The notebook starts all the same."""
    monkeypatch.setattr(limits, "OWN", str(tmp_path / "nothing"))
    held = Limits(2**30, None, "name")
    assert held.prepare("/nowhere") == "impossible"
    assert held.missing == ["memory"]


@pytest.mark.parametrize("version", [1, 2])
def test_groups_get_the_values(tmp_path, monkeypatch, version):
    """In the words of both versions of cgroups."""
    monkeypatch.setattr(limits, "ROOT", str(tmp_path))
    monkeypatch.setattr(
        limits, "_own_groups", lambda: {"memory": "/a", "cpu": "/b"} if version == 1 else {"": "/c"}
    )
    for name in ("memory/a", "cpu/b", "c"):
        (tmp_path / name).mkdir(parents=True)
    held = Limits(2**30, 0.5, "x")
    assert held.prepare("/nowhere") == "cgroup"
    values = {file.name: file.read_text() for group in held.groups for file in Path(group).iterdir()}
    old = {"memory.limit_in_bytes": "1073741824", "cpu.cfs_period_us": "100000", "cpu.cfs_quota_us": "50000"}
    new = {"memory.max": "1073741824", "cpu.max": "50000 100000"}
    values.pop("cgroup.procs")
    assert values == (old if version == 1 else new)


def test_a_group_that_can_not_be_entered_is_not_used(tmp_path, monkeypatch):
    """As below a part of the tree that others own: the notebook starts without it."""
    monkeypatch.setattr(limits, "ROOT", str(tmp_path))
    monkeypatch.setattr(limits, "_own_groups", lambda: {"": "/c"})
    monkeypatch.setattr(limits, "_can_enter", lambda group: False)
    (tmp_path / "c").mkdir()
    held = Limits(2**30, None, "x")
    assert held.prepare("/nowhere") == "impossible"
    assert held.groups == []


def test_the_kernel_holds_a_process_to_it(unavailable):
    """Where this account may make groups here: one that takes more memory is ended."""
    held = Limits(64 * 2**20, None, uuid4().hex)
    if held.prepare("/nowhere") != "cgroup":
        unavailable("this account may not make control groups")
    try:
        hungry = [
            "/usr/bin/python3",
            "-c",
            "b = bytearray(512 * 2**20)\nfor i in range(0, len(b), 4096): b[i] = 1",
        ]
        done = subprocess.run(hungry, preexec_fn=held.enter, timeout=60, check=False)
        assert done.returncode == -9
    finally:
        for group in held.groups:
            Path(group).rmdir()
