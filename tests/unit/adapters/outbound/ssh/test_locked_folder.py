"""Processes change a folder one after the other, and none waits for ever."""

import fcntl
import threading

import pytest

from multiplespawner.adapters.outbound.ssh import SshFailed
from multiplespawner.adapters.outbound.ssh.locked_folder import locked_folder


def test_each_has_it_for_itself(tmp_path):
    """What was counted is what was written, also by many at once."""
    file = tmp_path / "ssh" / "number"

    def count():
        for _ in range(5):
            with locked_folder(file.parent):
                file.write_text(str(int(file.read_text() if file.exists() else 0) + 1))

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert file.read_text() == "20"
    assert file.parent.stat().st_mode & 0o777 == 0o700


def test_who_hangs_with_it_is_not_waited_for_for_ever(tmp_path):
    """It is said which file somebody holds, and in the end all goes on."""
    with open(tmp_path / "lock", "w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(SshFailed) as failed, locked_folder(tmp_path, 0.05):
            raise AssertionError
    assert failed.value.code == "key_unusable"
    assert str(tmp_path / "lock") in failed.value.message
    with locked_folder(tmp_path, 0.05):
        pass
