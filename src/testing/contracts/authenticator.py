"""What every authenticator must do, with a host that lets it in."""

import base64
import hashlib
from datetime import UTC, datetime
from pathlib import Path

import attrs
import pytest

from ...application.ports.authenticator import (
    Access,
    AuthenticationFailed,
    Authenticator,
    Credentials,
    Target,
)
from ..loop_stalls import Ticking

STALL = 0.05
"""Seconds that the event loop may stand still; the best of several rounds counts, as machines have moods."""


@pytest.mark.asyncio
class AuthenticatorContract:
    """Inherit it and fill in the fixtures `authenticator` and `target`."""

    @pytest.fixture
    def authenticator(self) -> Authenticator:
        """The authenticator under test."""
        raise NotImplementedError("override the fixture `authenticator`")

    @pytest.fixture
    def target(self, tmp_path: Path) -> Target:
        """A host that lets its administrator in, and an empty folder (0700) of its own below `tmp_path`.

        Its account and its administrator are two.
        """
        raise NotImplementedError("override the fixture `target`")

    @pytest.fixture
    def another(self, target: Target) -> Target:
        """The same host for another deployment."""
        folder = target.folder.with_name(f"{target.folder.name}-2")
        folder.mkdir(mode=0o700)
        return attrs.evolve(target, folder=folder)

    async def test_it_declares_itself(self, authenticator: Authenticator) -> None:
        """It is written for this version of the port, and each setting has a default or a validator."""
        assert authenticator.api == 1
        fields = attrs.fields(authenticator.settings_class)
        assert all(f.default is not attrs.NOTHING or f.validator is not None for f in fields)

    async def test_both_ways_in_are_told(self, authenticator: Authenticator, target: Target) -> None:
        """Each account is entered at the host, with a key, and with what the host must show."""
        made = await authenticator.prepare(target)
        assert made.notebook.user == target.account
        assert made.configuring.user == target.administrator
        for access in (made.notebook, made.configuring):
            assert access.address == target.endpoint.address
            assert access.port == (target.endpoint.port or 22)
            assert access.key_file.read_text()
            assert access.known_hosts_file.read_text()
            assert access.key_file.is_absolute()

    async def test_who_configures_may_be_the_notebooks_account(
        self, authenticator: Authenticator, target: Target
    ) -> None:
        """Without an administrator, the account is entered by both ways."""
        assert target.administrator is not None
        alone = attrs.evolve(target, account=target.administrator, administrator=None)
        made = await authenticator.prepare(alone)
        assert made.notebook.user == made.configuring.user == alone.account

    async def test_nobody_else_reads_what_was_made(
        self, authenticator: Authenticator, target: Target
    ) -> None:
        """Every file in the folder is ours alone."""
        made = await authenticator.prepare(target)
        files = [file for file in target.folder.rglob("*") if file.is_file()]
        assert made.notebook.key_file in files
        assert [file for file in files if file.stat().st_mode & 0o077] == []

    async def test_the_key_is_told_by_its_fingerprint(
        self, authenticator: Authenticator, target: Target
    ) -> None:
        """The public key is one line of OpenSSH, and the fingerprint is that of it."""
        made = await authenticator.prepare(target)
        assert "\n" not in made.public_key
        digest = hashlib.sha256(base64.b64decode(made.public_key.split()[1])).digest()
        assert made.fingerprint == f"SHA256:{base64.b64encode(digest).decode().rstrip('=')}"
        assert made.host_key is None or made.host_key.startswith("SHA256:")

    async def test_credentials_can_be_shown(self, authenticator: Authenticator, target: Target) -> None:
        """What is told of them has nothing of what stands in the files of the keys."""
        made = await authenticator.prepare(target)
        for access in (made.notebook, made.configuring):
            assert access.key_file.read_text() not in repr(made)

    async def test_a_certificate_ends(self, authenticator: Authenticator, target: Target) -> None:
        """If there is a certificate, it has a serial, and an end to come."""
        made = await authenticator.prepare(target)
        assert (made.serial is None) == (made.until is None)
        assert made.until is None or made.until > datetime.now(UTC)

    async def test_preparing_again_replaces(self, authenticator: Authenticator, target: Target) -> None:
        """The second keys are others, and the first are gone."""
        first = await authenticator.prepare(target)
        key = first.notebook.key_file.read_text()
        second = await authenticator.prepare(target)
        assert second.fingerprint != first.fingerprint
        assert second.notebook.key_file.read_text() != key
        if first.notebook.key_file != second.notebook.key_file:
            assert not first.notebook.key_file.exists()

    async def test_renewing_keeps_the_keys(self, authenticator: Authenticator, target: Target) -> None:
        """Another connection is made with the same keys, at once or later, by the same serial."""
        made = await authenticator.prepare(target)
        key = made.notebook.key_file.read_text()
        renewed = await authenticator.renew(target)
        assert what_stays(renewed) == what_stays(made)
        assert renewed.notebook.key_file.read_text() == key
        if made.until is not None:
            assert renewed.until is not None
            assert renewed.until >= made.until

    async def test_nothing_is_renewed_that_was_not_made(
        self, authenticator: Authenticator, target: Target
    ) -> None:
        """A deployment without keys gets none by renewal."""
        with pytest.raises(AuthenticationFailed) as failed:
            await authenticator.renew(target)
        assert failed.value.code
        assert failed.value.message

    async def test_withdrawing_destroys(self, authenticator: Authenticator, target: Target) -> None:
        """No file is left, nothing can be renewed, and to withdraw again is no error."""
        await authenticator.prepare(target)
        await authenticator.withdraw(target.folder)
        await authenticator.withdraw(target.folder)
        assert not target.folder.exists() or list(target.folder.rglob("*")) == []
        with pytest.raises(AuthenticationFailed):
            await authenticator.renew(target)

    async def test_withdrawing_from_no_folder(self, authenticator: Authenticator, tmp_path: Path) -> None:
        """A folder that is not there has no keys."""
        await authenticator.withdraw(tmp_path / "never-was")

    async def test_after_withdrawing_it_is_prepared_again(
        self, authenticator: Authenticator, target: Target
    ) -> None:
        """An ending that was repeated too often spoils nothing."""
        await authenticator.prepare(target)
        await authenticator.withdraw(target.folder)
        target.folder.mkdir(mode=0o700, exist_ok=True)
        assert (await authenticator.prepare(target)).notebook.key_file.exists()

    async def test_deployments_share_nothing(
        self, authenticator: Authenticator, target: Target, another: Target
    ) -> None:
        """Each has its own keys; to withdraw those of one leaves the other's."""
        one, two = await authenticator.prepare(target), await authenticator.prepare(another)
        assert one.fingerprint != two.fingerprint
        assert one.serial is None or one.serial != two.serial
        await authenticator.withdraw(target.folder)
        assert (await authenticator.renew(another)).fingerprint == two.fingerprint

    async def test_the_event_loop_goes_on(self, authenticator: Authenticator, target: Target) -> None:
        """Nothing that takes time is done on the event loop."""
        await authenticator.prepare(target)
        stalls = []
        for _ in range(4):
            async with Ticking() as ticking:
                await authenticator.prepare(target)
                await authenticator.renew(target)
                await authenticator.withdraw(target.folder)
            stalls.append(ticking.longest)
        assert min(stalls) < STALL


def what_stays(made: Credentials) -> tuple[Access, Access, str, str, int | None, str | None]:
    """All but the end."""
    return (
        made.notebook,
        made.configuring,
        made.public_key,
        made.fingerprint,
        made.serial,
        made.host_key,
    )
