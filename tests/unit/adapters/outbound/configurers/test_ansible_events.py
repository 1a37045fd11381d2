"""What ansible-runner says becomes progress and reasons."""

import json
from typing import Any

import pytest

from multiplespawner.adapters.outbound.configurers.ansible_events import Telling
from multiplespawner.adapters.outbound.configurers.ansible_failures import Words
from multiplespawner.application.ports.configurer import TaskProgress


def line(kind: str, **data: Any) -> bytes:
    """One event."""
    return json.dumps({"event": kind, "event_data": data}).encode()


@pytest.fixture
def telling() -> Telling:
    """Of a run with two tasks."""
    return Telling(Words("192.0.2.1", ("s3cret",)), total=2)


def test_a_task_begins_and_ends(telling):
    """The count is of tasks that ended."""
    assert telling.tell(line("playbook_on_task_start", task="One")) == TaskProgress(
        "One", "192.0.2.1", "started", 0, 2
    )
    ended = telling.tell(line("runner_on_ok", task="One", host="resource", res={"changed": True}))
    assert ended == TaskProgress("One", "192.0.2.1", "changed", 1, 2)


def test_gathering_facts_and_handlers_are_not_counted(telling):
    """They are not in the list of tasks either."""
    for event in (
        line("playbook_on_task_start", task="Gathering Facts", task_action="gather_facts"),
        line("playbook_on_handler_task_start", task="Restart"),
    ):
        assert telling.tell(event).done == 0


def test_the_total_grows_with_included_tasks(telling):
    """It is never less than what is done."""
    told = [telling.tell(line("playbook_on_task_start", task=str(number))) for number in range(4)]
    assert [(each.done, each.total) for each in told] == [(0, 2), (1, 2), (2, 3), (3, 4)]


def test_other_hosts_keep_their_names(telling):
    """Such as one that a task is delegated to."""
    assert telling.tell(line("runner_on_ok", task="x", host="localhost", res={})).host == "localhost"


@pytest.mark.parametrize(
    ("result", "reason"),
    [
        ({"msg": "first\nsecond"}, "first"),
        ({"msg": "x", "results": [{"failed": False, "msg": "fine"}, {"failed": True, "msg": "why"}]}, "why"),
        ({"censored": "hidden", "msg": "never"}, "kept secret"),
        ({"msg": "the s3cret is out"}, "the *** is out"),
        ({"msg": "a\x1b[31mred\u202egnitirw"}, "a [31mred gnitirw"),
        ({"msg": "x" * 5000}, "x" * 200 + "…"),
    ],
)
def test_a_failure_has_a_short_reason(telling, result, reason):
    """One line without secrets or tricks."""
    telling.tell(line("runner_on_failed", task="Do", host="resource", res=result))
    assert reason in telling.failed.message
    assert "\n" not in telling.failed.message
    assert len(telling.failed.message) < 500
    assert telling.failed.task == "Do"


def test_an_unreachable_host_is_told_as_such(telling):
    """With the task at which it was lost."""
    telling.tell(line("runner_on_unreachable", task="Do", host="resource", res={"msg": "timed out"}))
    assert (telling.failed.code, telling.failed.task) == ("host_unreachable", "Do")


def test_an_ignored_failure_is_none(telling):
    """The task ends well for us."""
    told = telling.tell(line("runner_on_failed", task="Do", host="resource", ignore_errors=True, res={}))
    assert (told.state, telling.failed) == ("ok", None)


@pytest.mark.parametrize(
    "noise", [b"", b"no json", b"[1]", b'"x"', b"{}", b'{"event": "runner_on_start", "event_data": {}}']
)
def test_what_says_nothing_is_passed_over(telling, noise):
    """Programs may write what they like."""
    assert telling.tell(noise) is None


@pytest.mark.parametrize(
    ("plays", "in_vain"), [("", False), ("m", False), ("o", True), ("oo", True), ("mo", False), ("om", False)]
)
def test_a_playbook_is_in_vain_if_each_play_of_it_is(telling, plays, in_vain):
    """Wherever in it those for others stand; what came before it has no part in that."""
    telling.tell(line("playbook_on_play_start", pattern="all"))
    telling.begin_playbook()
    for play in plays:
        telling.tell(line("playbook_on_play_start", pattern=play))
        if play == "o":
            telling.tell(line("playbook_on_no_hosts_matched"))
    assert telling.in_vain is in_vain
