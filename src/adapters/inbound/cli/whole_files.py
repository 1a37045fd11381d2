"""Files that are there whole, or as they were."""

import os
import tempfile
from pathlib import Path


def write_whole(path: Path, data: bytes) -> None:
    """Write a file (0600) in the place of what is there; into what is no file, such as a pipe, as it comes.

    Raises OSError.
    """
    if path.exists() and not path.is_file():
        path.write_bytes(data)
        return
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        Path(draft).replace(path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
