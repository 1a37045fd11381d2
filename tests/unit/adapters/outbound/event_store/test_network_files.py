"""Which file system a path lies on."""

from pathlib import Path

import pytest

from multiplespawner.adapters.outbound.event_store.network_files import (
    NETWORK,
    LogMisplaced,
    file_system,
    refuse_network,
)

MOUNTS = r"""22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
30 22 0:30 / /home rw,relatime shared:2 - nfs4 server:/home rw,vers=4.2
31 30 0:31 / /home/ada rw,relatime shared:3 master:4 - xfs /dev/sdb rw
32 22 0:32 / /srv/with\040space rw,relatime - lustre mgs@tcp:/lustre rw
33 22 0:33 / /mnt rw - ext4 /dev/sdc rw
34 33 0:34 / /mnt rw - fuse.sshfs host: rw
"""


@pytest.fixture
def mounts(tmp_path: Path) -> Path:
    path = tmp_path / "mountinfo"
    path.write_text(MOUNTS)
    return path


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/var/lib/hub/events.sqlite", "ext4"),
        ("/home/eve/.multiplespawner/events.sqlite", "nfs4"),
        ("/home/ada/.multiplespawner/events.sqlite", "xfs"),
        ("/homes/events.sqlite", "ext4"),
        ("/srv/with space/events.sqlite", "lustre"),
        ("/mnt/events.sqlite", "fuse.sshfs"),
    ],
)
def test_file_system(mounts: Path, path: str, kind: str) -> None:
    """The deepest mount point counts, and of several in one place the last."""
    assert file_system(Path(path), mounts) == kind


def test_system_without_the_list(tmp_path: Path) -> None:
    """Where the system doesn't tell, nothing is refused."""
    assert file_system(tmp_path, tmp_path / "none") == ""
    refuse_network(tmp_path, tmp_path / "none")


def test_this_machine(tmp_path: Path) -> None:
    """The real list can be read."""
    assert file_system(Path("/proc/self")) == "proc"
    refuse_network(Path("/proc/self"))


@pytest.mark.parametrize("kind", sorted(NETWORK))
def test_refused(tmp_path: Path, kind: str) -> None:
    """Every network file system is refused, with its name."""
    mounts = tmp_path / "mountinfo"
    mounts.write_text(f"22 1 8:1 / / rw - {kind} somewhere rw\n")
    with pytest.raises(LogMisplaced, match=kind):
        refuse_network(tmp_path / "events.sqlite", mounts)
