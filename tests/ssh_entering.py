"""Enters hosts with what an authenticator made, and tells who was let in."""

import subprocess
from pathlib import Path

import pytest

from multiplespawner.adapters.outbound.authenticators.ssh_authenticator import SSHAuthenticator
from multiplespawner.adapters.outbound.authenticators.ssh_settings import SSHAuthenticatorSettings
from multiplespawner.adapters.outbound.ssh import SshFailed, connect, on_ssh_loop
from multiplespawner.application.ports.authenticator import Access, AuthenticationFailed, Target
from ssh_hosts import SshHost

REFUSED = {"login_refused", "principal_refused"}
"""Codes of hosts that let somebody not in."""


def new_key(file: Path) -> Path:
    """Make a key without a passphrase, as ssh-keygen does."""
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", file], check=True)
    return file


def public(file: Path) -> str:
    """The line of its public half."""
    return file.with_name(f"{file.name}.pub").read_text().strip()


def authenticator(directory: Path, **settings: object) -> SSHAuthenticator:
    """One with settings, as a template may have them."""
    return SSHAuthenticator(SSHAuthenticatorSettings(**settings), directory)


async def refusal(made: SSHAuthenticator, target: Target) -> AuthenticationFailed:
    """Why it is refused; nothing is left of the attempt."""
    with pytest.raises(AuthenticationFailed) as failed:
        await made.prepare(target)
    assert list(target.folder.iterdir()) == []
    return failed.value


async def run(access: Access, command: str) -> str:
    """What a command writes, run as whom the access is for."""

    async def work() -> str:
        async with await connect(access) as connection:
            return str((await connection.run(command, check=True)).stdout)

    return await on_ssh_loop(work())


async def failure(access: Access) -> str:
    """The code with which an access fails."""
    with pytest.raises(SshFailed) as failed:
        await run(access, "true")
    return failed.value.code


def attempts(host: SshHost) -> list[str]:
    """What sshd noted of people who wanted to log in."""
    words = ("Accepted", "Failed", "Postponed", "Invalid user", "authenticating user")
    return [line for line in host.sshd_log().splitlines() if any(word in line for word in words)]


def restart_with(host: SshHost, line: str) -> None:
    """Have sshd read one line more of configuration."""
    host.stop_sshd()
    with (host.root / "etc/ssh/sshd_config").open("a") as config:
        config.write(f"{line}\n")
    host.start_sshd()
