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


def test_systemd_is_asked_where_the_account_has_one(tmp_path, monkeypatch):
    """The command runs in a scope of its own, without what names the SSH session."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/run/user/1")
    program(tmp_path / "systemd-run", "exit 0")
    held = Limits(2**30, 1.5, "name")
    assert held.prepare(f"{tmp_path}:/usr/bin:/bin") == "systemd"
    assert {"--scope", "MemoryMax=1073741824", "CPUQuota=150%", "jupyterhub-name"} <= set(held.before)
    assert held.before[-5:] == ["/usr/bin/env", "-u", "XDG_RUNTIME_DIR", "-u", "DBUS_SESSION_BUS_ADDRESS"]


def test_a_systemd_that_refuses_is_not_used(tmp_path, monkeypatch):
    """What can't be limited in another way either is named."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/run/user/1")
    monkeypatch.setattr(limits, "ROOT", str(tmp_path / "no cgroups"))
    program(tmp_path / "systemd-run", "exit 1")
    held = Limits(2**30, 1.5, "name")
    assert held.prepare(f"{tmp_path}:/usr/bin:/bin") == "impossible"
    assert held.missing == ["memory", "cpu"]


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
