"""A hub and a host for people whose names and choices are programs in some language."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from attrs import define
from jupyterhub.utils import url_escape_path

from e2e.hubs import RealHub, real_hub
from e2e.over_ssh import CONFIGURER, PROGRAM, SPAWNER, ca_of, over_ssh, pool, prepare
from ssh_hosts import SshHost, ssh_hosts

LOOKUP = "{{lookup('pipe','id')}}"
"""Runs a program where Ansible takes it for a template."""

ODD = f"{LOOKUP}'\""
"""A person whose server is called so, too."""

BEFORE = f"""
import os
from jupyterhub import orm
if not os.path.exists("jupyterhub.sqlite"):
    with orm.new_session_factory("sqlite:///jupyterhub.sqlite")() as db:
        db.add(orm.Spawner(name={LOOKUP!r}, user=orm.User(name={ODD!r})))
        db.commit()
"""
"""Lines of a hub's configuration: a server from a time when hubs took any name for one."""

SEEN = "/var/lib/seen"
"""Where the playbook writes what Ansible knows, a file for each account."""

ENVIRONMENT = {
    "QUOTES": 'it\'s "$HOME" `id` $(id) \\ %s {{ 7 * 7 }} {username}',
    "LINES": "one\n'two'\n\n$(id)\n",
    "WHO": "{JUPYTERHUB_USER}",
    "COURSE": "<{option.course}>",
    "NOTE": "{option.note}",
}
"""Of notebooks, as the template has it."""

TASKS: list[dict[str, Any]] = [
    {
        "name": "Account",
        "ansible.builtin.user": {
            "name": "{{ multiplespawner_account }}",
            "password": "*",
            "shell": "/bin/bash",
        },
    },
    {
        "name": "What {{ who }} has for {{ course }}",
        "ansible.builtin.copy": {
            "dest": SEEN + "/{{ multiplespawner_account }}",
            "content": "{{ [who, course, within, 1 + 1] | to_json }}",
        },
    },
]
VARIABLES = {
    "ansible_user": "root",
    "who": "{JUPYTERHUB_USER}",
    "course": "{option.course}",
    "within": [{"deep": "<{option.note}>"}],
}


@define(eq=False)
class Hostile:
    """The hub with its host."""

    hub: RealHub
    host: SshHost

    def begin(self, user: str, server: str, offer: str, **options: str) -> None:
        """Make the user and have a server of theirs started; doesn't wait."""
        name = url_escape_path(user)
        assert self.hub.api("POST", f"users/{name}").status_code in (201, 409)
        asked = {"offer": f"{offer}: any", "options": options}
        answer = self.hub.api("POST", self._path(user, server), json=asked)
        assert answer.status_code in (201, 202), answer.text

    def told(self, user: str, server: str) -> dict[str, Any]:
        """What the stand-in says once it is ready."""
        self.hub.wait(f"server of {user}", lambda: self.hub.ready(url_escape_path(user), server))
        return self.hub.told(url_escape_path(user), url_escape_path(server))

    def end(self, user: str, server: str) -> None:
        """Stop a server."""
        self.hub.api("DELETE", self._path(user, server)).raise_for_status()

    def seen(self, account: str) -> Any:
        """What Ansible knew when it set the host up for an account."""
        return json.loads(self.host.run("cat", f"{SEEN}/{account}"))

    def _path(self, user: str, server: str) -> str:
        last = f"servers/{url_escape_path(server)}" if server else "server"
        return f"users/{url_escape_path(user)}/{last}"


@contextmanager
def hostile(folder: Path, proxy: Path) -> Iterator[Hostile]:
    """All of it, started."""
    state = folder / "hub" / "ms"
    state.mkdir(mode=0o700, parents=True)
    (state / "make.yml").write_text(json.dumps([{"hosts": "all", "gather_facts": False, "tasks": TASKS}]))
    with ssh_hosts(folder / "hosts") as (host,):
        prepare(host, "ann", ca=ca_of(state))
        host.run("mkdir", SEEN)
        offers = (_templates(), {"bare_metal": [{"name": "any", "hosts": pool([host], sessions=9)}]})
        with real_hub(folder / "hub", proxy, offers=offers, config=BEFORE) as hub:
            yield Hostile(hub, host)


def _templates() -> list[dict[str, Any]]:
    kwargs = {
        "remote_hosts": ["{endpoint}"],
        "cmd": [PROGRAM],
        "args": ["--course={option.course}"],
        "environment": ENVIRONMENT,
    }
    options = [
        {"name": "course", "type": "text", "default": ""},
        {"name": "note", "type": "text", "pattern": r"[\s\S]*", "default": ""},
    ]
    common = {"spawner": {"class": SPAWNER, "kwargs": kwargs}, "options": options}
    recipe = {"host_variables": VARIABLES, "apply_kwargs": {"playbook_path": "make.yml"}}
    return [
        over_ssh("existing", **common),
        over_ssh("fixed", **common, unix_account={"mode": "fixed", "name": "ann"}),
        over_ssh(
            "made",
            **common,
            unix_account={"mode": "create"},
            configurer={"class": CONFIGURER, "options": recipe},
        ),
    ]
