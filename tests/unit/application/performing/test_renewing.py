"""Credentials are renewed in time while they are used, however often that fails."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from attrs import evolve

from houses import until
from multiplespawner.application.performing.renewing import kept_good
from multiplespawner.application.ports.authenticator import Access, AuthenticationFailed, Credentials
from multiplespawner.testing.fakes.manual_clock import START, ManualClock

ACCESS = Access("192.0.2.2", 22, "boss", Path("key"), Path("known_hosts"))
MINUTE = timedelta(minutes=1)


class Renewals:
    """Each gives ten minutes more, unless it is to fail."""

    def __init__(self, *failing: int) -> None:
        self.clock = ManualClock()
        self.credentials = Credentials(ACCESS, ACCESS, "", "", until=START + 10 * MINUTE)
        self.count = 0
        self._failing = failing

    async def __call__(self) -> Credentials:
        """Renew."""
        self.count += 1
        if self.count in self._failing:
            raise AuthenticationFailed("credentials_missing", "a secret")
        return evolve(self.credentials, until=self.clock.now() + 10 * MINUTE)

    async def waited(self) -> timedelta:
        """Until when they wait, once they do, from the beginning."""
        await until(lambda: self.clock.waited_for)
        (time,) = self.clock.waited_for
        return time - START

    async def next(self) -> None:
        """Let that time come, and the renewal with it."""
        count = self.count
        self.clock.advance(START + await self.waited() - self.clock.now())
        await until(lambda: self.count > count)


async def test_they_are_renewed_at_half_of_their_time() -> None:
    """From what each renewal gave, and not after the end."""
    renewals = Renewals()
    async with kept_good(renewals.credentials, renewals, renewals.clock):
        assert await renewals.waited() == 5 * MINUTE
        await renewals.next()
        assert await renewals.waited() == 10 * MINUTE
    assert renewals.clock.waited_for == ()
    assert renewals.count == 1


async def test_a_renewal_that_fails_is_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    """At half of what is left, then every ten seconds; it is no failure, and its words are not logged."""
    renewals = Renewals(1, 2, 3, 4, 5, 6, 7)
    async with kept_good(renewals.credentials, renewals, renewals.clock):
        for _ in range(7):
            await renewals.next()
        assert 10 * MINUTE < await renewals.waited() < 10 * MINUTE + timedelta(seconds=20)
        await renewals.next()
        assert await renewals.waited() > 14 * MINUTE
    assert len(caplog.records) == 7
    assert "AuthenticationFailed" in caplog.text
    assert "secret" not in caplog.text


async def test_those_without_an_end_are_left_alone() -> None:
    """A plain key needs no renewal."""
    renewals = Renewals()
    async with kept_good(evolve(renewals.credentials, until=None), renewals, renewals.clock):
        await asyncio.sleep(0)
        assert renewals.clock.waited_for == ()


async def test_nothing_is_renewed_after_the_end() -> None:
    """A renewal that is under way has ended then, also where the end itself is cancelled."""
    renewals, begun, may_end = Renewals(), asyncio.Event(), asyncio.Event()
    ended: list[bool] = []

    async def slowly() -> Credentials:
        begun.set()
        try:
            await may_end.wait()
        finally:
            # as one that writes in a thread
            await asyncio.shield(asyncio.sleep(0.01))
            ended.append(True)
        return renewals.credentials

    async def use() -> None:
        async with kept_good(renewals.credentials, slowly, renewals.clock):
            await asyncio.Event().wait()

    using = asyncio.create_task(use())
    renewals.clock.advance(await renewals.waited())
    await begun.wait()
    using.cancel()
    await asyncio.sleep(0)
    using.cancel()
    await asyncio.gather(using, return_exceptions=True)
    assert ended == [True]
