"""Points are named in the order in which they come, and the fatal one is the last."""

import pytest

from multiplespawner.testing.kill_points import KillPoints


class Death(BaseException):
    """The end of the process."""


def points(fatal=None, told=None) -> KillPoints:
    """Points whose end is an exception."""

    def die():
        raise Death

    return KillPoints(die, fatal, (lambda point: None) if told is None else told.append)


def test_each_point_has_a_name_of_its_own():
    """The same call made twice has two points."""
    told = []
    watched = points(told=told)
    for place in ("before private.put", "after private.put", "before private.put"):
        watched.reach(place)
    assert told == ["before private.put 1", "after private.put 1", "before private.put 2"]


def test_the_fatal_point_is_told_and_is_the_last():
    """Whoever reads what was told knows where it died; nothing can be called afterwards."""
    told = []
    watched = points("before log.append 2", told)
    watched.reach("before log.append")
    for _ in range(2):
        with pytest.raises(Death):
            watched.reach("before log.append")
    assert told == ["before log.append 1", "before log.append 2"]
    assert watched.is_over


def test_counting_can_begin_later():
    """What comes before is neither told nor fatal nor counted."""
    told = []
    watched = points("before log.append 1", told)
    watched.is_counting = False
    watched.reach("before log.append")
    watched.begin("after log.append 1")
    watched.reach("before log.append")
    assert told == ["before log.append 1"]
    with pytest.raises(Death):
        watched.reach("after log.append")
