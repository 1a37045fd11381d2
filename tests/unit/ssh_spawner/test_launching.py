"""What a start is refused for is why it can't be, also where that is heard of last."""

import logging
from types import SimpleNamespace

import pytest

from multiplespawner.ssh_spawner import launching
from multiplespawner.ssh_spawner.failing import NotOnHost, failure
from multiplespawner.ssh_spawner.launching import Launch
from multiplespawner.ssh_spawner.run import Run

STARTED = {"event": "started", "pid": 7, "born": "8", "boot": "b", "port": 8888, "hub_port": 9999}
STARTED |= {"keeper": 6, "keeper_born": "5", "folder": "/f", "sockets": "/s", "groups": []}
ENDED = {"event": "ended", "status": 1, "tail": ""}
UNDONE = {"event": "undone", "left": 0}


class Told:
    """A host that tells these, one after the other."""

    def __init__(self, *told):
        self.told = list(told)

    async def lines(self):
        while self.told:
            yield self.told.pop(0)

    def hang_up(self):
        """Nothing more is told than what is on its way."""

    close = hang_up


@pytest.mark.parametrize(
    ("told", "code"),
    [((STARTED, ENDED, UNDONE), "notebook_ended"), ((STARTED, UNDONE), "forwarding_refused")],
)
async def test_a_notebook_that_has_ended_is_no_host_that_refuses(monkeypatch, told, code):
    """Its folder is gone by then, and a socket can't be made there."""
    host = Told(*told)

    async def begin(*_, **__):
        return host

    async def lead_to_hub(folder):
        raise failure("forwarding_refused", host="10.0.0.1", user="ada", why="no folder")

    monkeypatch.setattr(launching.Talk, "begin", begin)
    link = SimpleNamespace(connection=object(), lead_to_hub=lead_to_hub, log=logging.getLogger())
    launch = Launch(
        link, Run("10.0.0.1", 22, "ada", "token-1", "runs"), {"environment": {}}, "", lambda *_: None
    )
    with pytest.raises(NotOnHost) as failed:
        await launch.begin()
    assert failed.value.code == code
    assert host.told == []
