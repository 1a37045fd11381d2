"""The hub's hooks and an inner spawner's own options: run once, and their results reach the notebook."""

import pytest

from e2e.browsers import Browser
from e2e.hubs import STAND_IN, real_hub

CONFIG = """
from pathlib import Path
from jupyterhub.auth import DummyAuthenticator

class WithState(DummyAuthenticator):
    async def authenticate(self, handler, data):
        return {"name": data["username"], "auth_state": {"team": "blue"}}

def note(line):
    with Path("hooks.log").open("a") as log:
        log.write(f"{line}\\n")

def before(spawner):
    note(f"before {spawner.user.name}")
    spawner.environment["FROM_HOOK"] = spawner.user.name
    Path("work").mkdir(exist_ok=True)
    spawner.notebook_dir = str(Path("work").absolute())

def after(spawner):
    note(f"after {spawner.user.name}")

def state(spawner, auth_state):
    spawner.environment["TEAM"] = (auth_state or {}).get("team", "none")

c.JupyterHub.authenticator_class = WithState
c.Authenticator.enable_auth_state = True
c.Spawner.pre_spawn_hook = before
c.Spawner.post_stop_hook = after
c.Spawner.auth_state_hook = state
"""


@pytest.fixture(scope="module")
def hub(proxy, tmp_path_factory):
    """A hub with hooks and one offer, whose inner spawner has a form of its own."""
    only = {
        "name": "Own",
        "resource_type": "bare_metal",
        "providers": ["local"],
        "spawner": {
            "class": "e2e.inner_spawners.SpawnerWithOptions",
            "kwargs": {"cmd": STAND_IN, "environment": {"FROM_TEMPLATE": "yes"}},
        },
        "inner_options": ["colour"],
    }
    environment = {"JUPYTERHUB_CRYPT_KEY": "11" * 32}
    folder = tmp_path_factory.mktemp("hub")
    with real_hub(folder, proxy, offers=([only],), config=CONFIG, environment=environment) as started:
        yield started


def test_hooks_run_once_and_reach_the_notebook(hub):
    """Environment and folder are set on the outer spawner and found in the notebook, with the template's."""
    told = hub.launch("ann")
    assert [told["env"][name] for name in ("FROM_HOOK", "FROM_TEMPLATE", "TEAM")] == ["ann", "yes", "none"]
    work = str(hub.folder / "work")
    assert (told["env"]["JUPYTERHUB_ROOT_DIR"], noted(hub, "ann")) == (work, ["before ann"])
    hub.stop_server("ann")
    assert noted(hub, "ann") == ["before ann", "after ann"]


def test_the_authenticators_state_reaches_the_notebook(hub):
    """What logging in brought is handed to the hook."""
    browser = Browser(hub)
    browser.login("bob")
    assert hub.launch("bob")["env"]["TEAM"] == "blue"
    hub.stop_server("bob")


def test_the_inner_spawners_form_is_shown_read_and_applied(hub):
    """With one plain offer the page is the inner spawner's own, and its options are applied to it."""
    browser = Browser(hub)
    browser.login("cat")
    page = browser.get("spawn")
    assert page.find("input", {"name": "colour", "value": "green"}) is not None
    assert page.find("input", {"name": "offer"}) is None
    assert browser.fill(page, colour="violet").ok
    hub.wait("server", lambda: hub.ready("cat"))
    assert hub.told("cat")["env"]["COLOUR"] == "violet"
    hub.stop_server("cat")


def test_the_inner_spawners_options_come_by_rest(hub):
    """A key that the offer lets through goes to the inner spawner; others are refused."""
    assert hub.launch("dan", colour="blue")["env"]["COLOUR"] == "blue"
    hub.stop_server("dan")
    answer = hub.api("POST", "users/dan/server", json={"color": "blue"})
    assert (answer.status_code, answer.reason) == (400, "unknown_key")


def noted(hub, user):
    """What hooks wrote down about a user."""
    return [line for line in (hub.folder / "hooks.log").read_text().splitlines() if line.endswith(user)]
