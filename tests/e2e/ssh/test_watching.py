"""Each search for secrets finds what is leaked on purpose, also what is there for a moment only."""

import subprocess
import sys
import time
from secrets import token_hex

import pytest

from e2e.ssh.watching import (
    Seen,
    Watch,
    ansibles_artifacts,
    ansibles_environment,
    open_files_of_host,
    open_files_of_hub,
    seen_arguments,
)


def in_arguments(state, secret):
    """Give it to a program."""
    with subprocess.Popen([sys.executable, "-c", "input()", secret], stdin=subprocess.PIPE) as process:
        yield
        process.kill()


def in_environment(state, secret):
    """Have Ansible run with it."""
    command = [sys.executable, "-c", "input()", "ansible-playbook"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, env={"SECRET": secret}) as process:
        yield
        process.kill()


def in_artifacts(state, secret):
    """Have ansible-runner write it down, for the hub alone."""
    file = state / "private/deployment/x/configure/artifacts/1/stdout"
    file.parent.mkdir(parents=True)
    file.touch(mode=0o600)
    file.write_text(secret)
    yield
    file.unlink()


def in_open_file(state, secret):
    """Let others read a file of the private store."""
    (state / "private").mkdir(exist_ok=True)
    (state / "private/document").write_text(secret)
    yield
    (state / "private/document").unlink()


def in_temporary_file(state, secret):
    """Put it into a file where everybody may look."""
    (state.parent / "tmp/multiplespawner-x").write_text(secret)
    yield
    (state.parent / "tmp/multiplespawner-x").unlink()


@pytest.mark.parametrize(
    ("search", "leak"),
    [
        (seen_arguments, in_arguments),
        (ansibles_environment, in_environment),
        (ansibles_artifacts, in_artifacts),
        (open_files_of_hub, in_open_file),
        (open_files_of_hub, in_temporary_file),
    ],
)
def test_what_is_leaked_for_a_moment_is_found(tmp_path, search, leak):
    """Though it is gone when it is searched for; before, nothing is found."""
    for folder in ("ms", "tmp"):
        (tmp_path / folder).mkdir()
    watch, secret = Watch(tmp_path / "ms", temporary=tmp_path / "tmp"), f"canary{token_hex(16)}"
    seen = Seen(tmp_path, hub=None, watch=watch, host=None)
    with watch:
        assert search(seen, secret) == []
        for _ in leak(tmp_path / "ms", secret):
            deadline = time.monotonic() + 30
            while not search(seen, secret):
                assert time.monotonic() < deadline, f"{search.__name__} has not found it"
                time.sleep(0.01)
    assert search(seen, secret)


def test_what_is_leaked_on_a_host_is_found(ssh_host, tmp_path):
    """A file that others may read, in a folder that they may enter; and not where one of both is closed."""
    ssh_host.account("ann")
    seen = Seen(tmp_path, hub=None, watch=Watch(tmp_path), host=ssh_host)
    for folder in ("/tmp", "/home/ann", "/home/ann/.open", "/var/tmp", "/dev/shm"):
        secret, file = f"canary{token_hex(16)}", f"{folder}/leak"
        ssh_host.run("sh", "-c", 'mkdir -p "$1" && cat >"$1/leak"', "-", folder, text=secret)
        for mode_of_folder, mode, found in (("0755", "0644", 1), ("0700", "0644", 0), ("0755", "0600", 0)):
            ssh_host.run("chmod", mode_of_folder, folder)
            ssh_host.run("chmod", mode, file)
            assert len(open_files_of_host(seen, secret)) == found
        ssh_host.run("chmod", "0755", folder)
