"""Every provider and every fake of one passes the providers' suite."""

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from datetime import timedelta

import psutil
import pytest

from multiplespawner.adapters.outbound.providers.local import LocalProvider, LocalSettings
from multiplespawner.adapters.outbound.providers.marked_processes import MARK
from multiplespawner.application.ports.provider import (
    Availability,
    OutOfCapacity,
    Provider,
    ResourceSpec,
    Unavailable,
)
from multiplespawner.domain.values import Hardware
from multiplespawner.testing.contracts.available import AvailableContract
from multiplespawner.testing.contracts.provider import Begin, ProviderContract
from multiplespawner.testing.fakes.faulty_providers import (
    ProviderThatIsDown,
    ProviderThatIsFull,
    ProviderThatIsSlowToDestroy,
    ProviderThatLosesReplies,
    ProviderThatOnlyWatches,
)
from multiplespawner.testing.fakes.memory_provider import MemoryProvider
from multiplespawner.testing.fakes.provider_that_tells_what_is_free import ProviderThatTellsWhatIsFree

DAEMON = "import os; os.fork() and os._exit(0); os.setsid(); os.execvp('sleep', ['sleep', '600'])"


class TestLocalProvider(ProviderContract):
    """The machine that the tests run on, with real processes."""

    @pytest.fixture
    def provider(self) -> Provider:
        return LocalProvider(LocalSettings(terminate_timeout=5))

    @pytest.fixture
    def begin(self) -> Iterator[Begin]:
        started: list[subprocess.Popen[bytes]] = []

        async def start(token: str) -> None:
            started.append(subprocess.Popen(["sleep", "600"], env={**os.environ, MARK: token}))

        yield start
        for process in started:
            process.kill()
            process.wait(10)

    @pytest.fixture
    def crowd(self) -> Iterator[None]:
        mark = f"{uuid.uuid4().hex[:16]}-{uuid.uuid4().hex}"
        crowd = [subprocess.Popen(["sleep", "600"], env={**os.environ, MARK: mark}) for _ in range(300)]
        yield
        for process in crowd:
            process.kill()
        for process in crowd:
            process.wait(10)

    async def test_a_daemon_whose_parent_died_is_found_and_destroyed(
        self, provider: Provider, token: str
    ) -> None:
        """A process that left its session and its parent still has its mark."""
        subprocess.run([sys.executable, "-c", DAEMON], env={**os.environ, MARK: token}, check=True)
        (found,) = await provider.find(token)
        pid = int(found.id.split("@")[0])
        assert psutil.Process(pid).ppid() != os.getpid()
        await provider.destroy(found.id)
        assert await provider.find(token) == ()


class TestMemoryProvider(ProviderContract):
    """The plain fake."""

    seconds_between = 0

    @pytest.fixture
    def provider(self) -> Provider:
        return MemoryProvider()


class TestProviderThatOnlyWatches(ProviderContract):
    """The fake where the inner spawner allocates."""

    seconds_between = 0

    @pytest.fixture
    def provider(self) -> ProviderThatOnlyWatches:
        return ProviderThatOnlyWatches()

    @pytest.fixture
    def begin(self, provider: ProviderThatOnlyWatches) -> Begin:
        async def appear(token: str) -> None:
            provider.rent_another(token)

        return appear


class TestProviderThatLosesReplies(ProviderContract):
    """It breaks no promise: an error that may be retried is no answer."""

    seconds_between = 0

    @pytest.fixture
    def provider(self) -> Provider:
        return ProviderThatLosesReplies()


class TestProviderThatIsDown(ProviderContract):
    """When it is up again, it is as any other."""

    seconds_between = 0

    @pytest.fixture
    def provider(self) -> Provider:
        return ProviderThatIsDown(calls=2)


class TestProviderThatIsFull(ProviderContract):
    """With room it is as any other."""

    seconds_between = 0

    @pytest.fixture
    def provider(self) -> Provider:
        full = ProviderThatIsFull()
        full.room = True
        return full


class TestProviderThatIsSlowToDestroy(ProviderContract):
    """When it may destroy, it does."""

    seconds_between = 0

    @pytest.fixture
    def provider(self) -> Provider:
        slow = ProviderThatIsSlowToDestroy()
        slow.may_destroy.set()
        return slow


class TestProviderThatTellsWhatIsFree(ProviderContract, AvailableContract):
    """It has what the others have, and says what is left."""

    seconds_between = 0

    @pytest.fixture
    def provider(self) -> Provider:
        return ProviderThatTellsWhatIsFree()

    async def test_each_takes_a_place(self, provider: Provider, spec: ResourceSpec, owner: str) -> None:
        """Until none is left, and then it says how long to wait."""
        full = ProviderThatTellsWhatIsFree(room=2, wait=timedelta(minutes=5))
        told = []
        for number in range(3):
            told.append(await full.availability(spec))
            await full.ensure(f"{owner}-{number}", spec)
        assert told == [Availability(2), Availability(1), Availability(0, timedelta(minutes=5))]


async def test_a_lost_reply_leaves_the_thing() -> None:
    """What was asked for exists, though nobody was told."""
    provider = ProviderThatLosesReplies()
    with pytest.raises(Unavailable):
        await provider.ensure("a-1", ResourceSpec("container", Hardware()))
    assert [instance.token for instance in await provider.find("a-1")] == ["a-1"]


async def test_down_is_down_for_every_call() -> None:
    """Nothing is answered, and nothing made."""
    provider = ProviderThatIsDown()
    with pytest.raises(Unavailable):
        await provider.ensure("a-1", ResourceSpec("container", Hardware()))
    with pytest.raises(Unavailable):
        await provider.list_owned("a")
    assert provider.instances == {}


async def test_full_is_worth_a_later_try() -> None:
    """Out of capacity is an error that may be retried."""
    with pytest.raises(OutOfCapacity) as caught:
        await ProviderThatIsFull().ensure("a-1", ResourceSpec("container", Hardware()))
    assert caught.value.may_retry
