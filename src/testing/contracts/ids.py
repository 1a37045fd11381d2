"""What every maker of ids does."""

import re

import pytest

from ...application.ports.ids import Ids


class IdsContract:
    """Inherit it and fill in the fixture."""

    @pytest.fixture
    def ids(self) -> Ids:
        """Hand out a maker of ids."""
        raise NotImplementedError

    def test_fresh(self, ids: Ids) -> None:
        """Each id is 32 lower-case hexadecimal digits, and none comes twice."""
        made = [ids.fresh() for _ in range(1000)]
        assert all(re.fullmatch("[0-9a-f]{32}", id_) for id_ in made)
        assert len(set(made)) == 1000
