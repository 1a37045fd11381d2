"""What stands on the SSH family can be imported without the extra, and says what is missing when used."""

import subprocess
import sys

CODE = """if True:
    import sys
    sys.modules["asyncssh"] = None
    import asyncio, tempfile
    from pathlib import Path
    from multiplespawner.adapters.outbound.ssh import SshFailed, UserCa, shown_host_key
    for work in (
        lambda: asyncio.run(shown_host_key("127.0.0.1", 1)),
        lambda: UserCa(Path(tempfile.mkdtemp())).public_keys(),
    ):
        try:
            work()
        except SshFailed as error:
            print(error.code, "multiplespawner[ssh]" in error.message)
"""


def test_it_says_what_to_install(tmp_path):
    """Where something connects, and where something signs."""
    ran = subprocess.run(
        [sys.executable, "-c", CODE],
        capture_output=True, text=True, check=True, env={"TMPDIR": str(tmp_path)},
    )  # fmt: skip
    assert ran.stdout.splitlines() == ["ssh_missing True"] * 2
