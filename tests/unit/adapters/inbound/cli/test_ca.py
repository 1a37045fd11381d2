"""Given the hub's user CA, when its keys are shown, exchanged or revoked, then hosts can be told."""

import errno
import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from multiplespawner.adapters.outbound.ssh import UserCa, fingerprint
from told_states import State


def told(state: State, *words: str) -> dict[str, object]:
    """What a part of `ca` answers to programs."""
    result = state.run("ca", *words, "--json")
    assert result.exit_code == 0, result.output
    assert result.stdout.isascii()
    answer: dict[str, object] = json.loads(result.stdout)
    return answer


def states(state: State, *words: str) -> list[tuple[str, str]]:
    """What each key is for, and the key."""
    keys = told(state, *words)["keys"]
    assert isinstance(keys, list)
    return [(key["state"], key["public_key"]) for key in keys]


def test_it_is_made_at_first_use(empty: State) -> None:
    """The key is printed with the line that makes sshd trust it, and lies where only we can read it."""
    result = empty.run("ca")
    assert result.exit_code == 0
    (key,) = UserCa(empty.folder).public_keys()
    assert key in result.stdout.splitlines()
    assert fingerprint(key) in result.stdout
    assert "TrustedUserCAKeys" in result.stdout
    assert empty.folder.stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in (empty.folder / "ssh").iterdir()} == {0o600}
    assert states(empty) == [("signing", key)]


def test_no_private_key_is_printed(empty: State) -> None:
    """Nothing of what signs is in any answer."""
    told(empty, "rotate")
    kept = json.loads((empty.folder / "ssh" / "user_ca.json").read_text())
    secret = [line for key in (kept["signing"], kept["next"]) for line in key.splitlines()[1:-1]]
    said = "".join(empty.run("ca", *words.split()).output for words in ("", "rotate --sign", "retire"))
    assert [line for line in secret if line in said] == []


def test_the_key_is_exchanged_in_three_steps(empty: State) -> None:
    """The next one is trusted before it signs, the one before until it is retired."""
    ((_, old),) = states(empty)
    (_, (_, new)) = states(empty, "rotate")
    assert states(empty) == [("signing", old), ("next", new)]
    assert states(empty, "rotate") == [("signing", old), ("next", new)]
    assert states(empty, "rotate", "--sign") == [("signing", new), ("previous", old)]
    assert states(empty, "retire") == [("signing", new)]


@pytest.mark.parametrize("words", [("rotate", "--sign"), ("retire",)])
def test_a_step_too_early_is_1(empty: State, words: tuple[str, ...]) -> None:
    """Nothing is changed, and it is said what there isn't."""
    before = states(empty)
    result = empty.run("ca", *words)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr
    assert states(empty) == before


def test_what_was_revoked_is_in_the_list(empty: State, tmp_path: Path) -> None:
    """ssh-keygen finds the serials of every key that hosts trust, and no others."""
    told(empty, "rotate")
    assert told(empty, "revoke", "7", "217038216471236")["revoked"] == [7, 217038216471236]
    list_ = tmp_path / "revoked"
    assert told(empty, "revocations", "--output", str(list_)) == {
        "file": str(list_),
        "revoked": [7, 217038216471236],
    }
    shown = subprocess.run(
        ["ssh-keygen", "-Q", "-l", "-f", list_], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    assert [line for line in shown if line.startswith("serial")] == [
        "serial: 7",
        "serial: 217038216471236",
    ] * 2


def test_an_empty_list_is_a_list(empty: State) -> None:
    """sshd needs a file before anything is revoked."""
    result = empty.run("ca", "revocations")
    assert result.exit_code == 0
    assert (empty.folder / "ssh" / "revoked_keys").read_bytes().startswith(b"SSHKRL")


@pytest.mark.parametrize("serial", ["x", "0", "-1"])
def test_what_is_no_serial_is_2(empty: State, serial: str) -> None:
    """No certificate of ours has it."""
    assert empty.run("ca", "revoke", "--", serial).exit_code == 2


def test_a_folder_of_somebody_else_is_2(empty: State, monkeypatch: pytest.MonkeyPatch) -> None:
    """The hub could not read a key that another user has made for it."""
    empty.folder.mkdir()
    another = os.geteuid() + 1
    monkeypatch.setattr(os, "geteuid", lambda: another)
    result = empty.run("ca")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "sudo -u" in result.stderr
    assert list(empty.folder.iterdir()) == []


def test_a_damaged_key_is_2_and_not_shown(empty: State) -> None:
    """A sentence names the file, and has nothing of what stands in it."""
    (empty.folder / "ssh").mkdir(parents=True)
    file = empty.folder / "ssh" / "user_ca.json"
    file.write_text('{"signing": "c4n4ry')
    result = empty.run("ca")
    assert (result.exit_code, result.stdout) == (2, "")
    assert str(file) in result.stderr
    assert "c4n4ry" not in result.stderr


def test_a_list_that_cannot_be_written_is_2(empty: State, tmp_path: Path) -> None:
    """It is said where."""
    result = empty.run("ca", "revocations", "--output", str(tmp_path / "none" / "list"))
    assert result.exit_code == 2
    assert str(tmp_path / "none" / "list") in result.stderr


def test_a_list_that_can_not_be_finished_leaves_the_one_before(empty: State, monkeypatch: Any) -> None:
    """A part of one would have every host refuse everybody."""
    assert empty.run("ca", "revocations").exit_code == 0
    file = empty.folder / "ssh" / "revoked_keys"
    before = file.read_bytes()

    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    assert empty.run("ca", "revocations").exit_code == 2
    assert file.read_bytes() == before
    assert [each for each in file.parent.iterdir() if each.name.startswith(".revoked")] == []


def test_a_list_can_be_piped(empty: State) -> None:
    """What is no file is not replaced by one."""
    result = empty.run("ca", "revocations", "--output", "/dev/null")
    assert result.exit_code == 0
    assert Path("/dev/null").is_char_device()
