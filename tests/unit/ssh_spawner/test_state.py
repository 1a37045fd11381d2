"""A spawner's state is strict JSON, found again as it was, and survives what it does not know."""

import json

import pytest

from multiplespawner.ssh_spawner import SSHSpawner
from multiplespawner.ssh_spawner.remaining import MOST, Remaining
from multiplespawner.ssh_spawner.run import Run

RUN = Run("host", 22, "ada", "token-01", "base", 7, 99, "boot", 1, 2, 3, "/f", "/s")


def test_a_state_is_found_again():
    """Through JSON, without a loss."""
    spawner = SSHSpawner()
    spawner.load_state({"run": RUN.document(), "remaining": [RUN.document()]})
    state = json.loads(json.dumps(spawner.get_state(), allow_nan=False))
    again = SSHSpawner()
    again.load_state(state)
    assert again.get_state() == state == {"run": RUN.document(), "remaining": [RUN.document()]}
    assert (again.pid, again.remote_host) == (7, "host")


@pytest.mark.parametrize(
    "state",
    [{}, {"pid": 7, "remote_host": "old"}, {"run": None}, {"run": {"host": "h"}}, {"run": 3, "remaining": 4}],
)
async def test_what_is_no_state_of_ours_is_a_notebook_that_does_not_run(state):
    """Such as the one of sshspawner."""
    spawner = SSHSpawner()
    spawner.load_state(state)
    assert spawner.get_state() == {}
    assert await spawner.poll() == 0
    await spawner.stop()


def test_what_is_cleared_while_it_may_run_remains():
    """To be ended later; once."""
    spawner = SSHSpawner()
    spawner.take_access(object())
    spawner.load_state({"run": RUN.document()})
    spawner.clear_state()
    assert spawner.get_state() == {"remaining": [RUN.document()]}
    spawner.clear_state()
    assert spawner.get_state() == {"remaining": [RUN.document()]}


def test_only_so_many_remain():
    """The last ones, each once."""
    remaining = Remaining()
    for number in [*range(MOST + 5), MOST]:
        remaining.add(Run("host", 22, "ada", f"token-{number:03}", "base"))
    assert len(remaining.runs) == MOST
    assert remaining.runs[-1].token == f"token-{MOST:03}"
    assert len({run.token for run in remaining.runs}) == MOST
