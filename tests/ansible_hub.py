"""Stands in for a hub that applies a playbook: `ansible_hub.py FOLDER ADDRESS`, for tests that kill it."""

import asyncio
import sys
from pathlib import Path

from multiplespawner.adapters.outbound.configurers.ansible_configurer import AnsibleConfigurer
from multiplespawner.adapters.outbound.configurers.ansible_settings import (
    AnsibleOptions,
    AnsibleSettings,
    ApplyKwargs,
)
from multiplespawner.application.ports.authenticator import Access
from multiplespawner.application.ports.configurer import Work


async def main(folder: Path, address: str) -> None:
    """Apply play.yml of a hub's directory."""
    settings = AnsibleSettings(AnsibleOptions(apply_kwargs=ApplyKwargs("play.yml")))
    (folder / "run").mkdir(mode=0o700)
    access = Access(address, 22, "boss", folder / "key", folder / "known_hosts")
    async for _ in AnsibleConfigurer(settings, folder / "state").apply(
        Work(access, "ada", True, {}, folder / "run")
    ):
        pass


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
