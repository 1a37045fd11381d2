"""Every clock and every maker of ids, real or fake, keeps its contract."""

from collections.abc import Callable

import pytest

from multiplespawner.adapters.outbound.clock.system_clock import SystemClock
from multiplespawner.adapters.outbound.ids.random_ids import RandomIds
from multiplespawner.testing.contracts.clock import SOON, ClockContract
from multiplespawner.testing.contracts.ids import IdsContract
from multiplespawner.testing.fakes.manual_clock import ManualClock
from multiplespawner.testing.fakes.sequential_ids import SequentialIds


class TestManualClock(ClockContract):
    """The clock that a test moves."""

    @pytest.fixture
    def clock(self) -> ManualClock:
        return ManualClock()

    @pytest.fixture
    def pass_time(self, clock: ManualClock) -> Callable[[], None]:
        return lambda: clock.advance(SOON)


class TestSystemClock(ClockContract):
    """The machine's clock."""

    @pytest.fixture
    def clock(self) -> SystemClock:
        return SystemClock()

    @pytest.fixture
    def pass_time(self) -> Callable[[], None]:
        return lambda: None


class TestSequentialIds(IdsContract):
    """Ids that a test can foretell."""

    @pytest.fixture
    def ids(self) -> SequentialIds:
        return SequentialIds()


class TestRandomIds(IdsContract):
    """Ids that nobody can foretell."""

    @pytest.fixture
    def ids(self) -> RandomIds:
        return RandomIds()
