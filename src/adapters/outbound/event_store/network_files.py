"""Where the log can't lie: file systems on which SQLite's write-ahead log loses data."""

import re
from pathlib import Path

NETWORK = {
    *("nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "ceph", "glusterfs", "lustre", "beegfs", "gpfs", "afs"),
    *("pvfs2", "orangefs", "panfs", "ocfs2", "gfs2", "coda", "ncpfs"),
    *(
        "fuse.sshfs",
        "fuse.glusterfs",
        "fuse.ceph",
        "fuse.ceph-fuse",
        "fuse.s3fs",
        "fuse.rclone",
        "fuse.gcsfuse",
    ),
    *("fuse.davfs", "fuse.juicefs", "fuse.cvmfs2", "fuse.moosefs", "fuse.mfs"),
}
"""Types as Linux names them; "WAL does not work over a network filesystem" (sqlite.org/wal.html)."""

MOUNTS = Path("/proc/self/mountinfo")


class LogMisplaced(Exception):
    """The log can't be kept where it was put; the message says what to do. A retry does not help."""


def file_system(path: Path, mounts: Path = MOUNTS) -> str:
    """Type of the file system that `path` lies on, such as `ext4`; "" where the system doesn't say."""
    if not mounts.exists():
        return ""
    place = path.resolve()
    found = [(point, kind) for point, kind in _mounted(mounts.read_text()) if place.is_relative_to(point)]
    # The longest mount point wins, and among equal ones that which was mounted last.
    return max(enumerate(found), key=lambda at: (len(at[1][0].parts), at[0]))[1][1] if found else ""


def refuse_network(path: Path, mounts: Path = MOUNTS) -> None:
    """Raises LogMisplaced where the file would lie on a network file system."""
    kind = file_system(path, mounts)
    if kind in NETWORK:
        raise LogMisplaced(
            f"The event log can't be kept in {path}: {kind} is a network file system, on which SQLite loses "
            "data. Set the state directory of MultipleSpawner to a folder on a local disk, or keep the log "
            "in PostgreSQL by giving a postgresql:// URL."
        )


def _mounted(text: str) -> list[tuple[Path, str]]:
    """(mount point, type) of each line; see proc(5): the type follows the lone hyphen."""
    mounts = []
    for line in text.splitlines():
        fields, _, source = line.partition(" - ")
        point = re.sub(r"\\([0-7]{3})", lambda code: chr(int(code[1], 8)), fields.split(" ")[4])
        mounts.append((Path(point), source.split(" ")[0]))
    return mounts
