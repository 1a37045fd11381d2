"""Tasks are counted as Ansible lists them."""

from multiplespawner.adapters.outbound.configurers.task_listing import tasks_in

SAID = """
playbook: one.yml

  play #1 (all): First\tTAGS: []
    tasks:
      One\tTAGS: []
      base : Two\tTAGS: [x, y]

  play #2 (all): Second\tTAGS: []
    tasks:
"""


def test_each_task_is_counted():
    """Plays are not."""
    assert tasks_in(SAID) == 2


def test_no_task_is_not_known():
    """All may be included as it goes."""
    assert tasks_in("playbook: x\n") is None
