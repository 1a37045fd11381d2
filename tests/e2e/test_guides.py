"""The guides for administrators and auditors, followed from top to bottom on one real hub."""

import json
import re

import pytest
from bs4 import BeautifulSoup

from e2e.browsers import Browser
from e2e.guides import Reader, blocks, commands
from e2e.hubs import LIMIT, STAND_IN, RealHub

HERE = f"""
c.JupyterHub.bind_url = f"http://127.0.0.1:{{port}}"
c.JupyterHub.hub_bind_url = f"http://127.0.0.1:{{port + 2}}"
c.MultipleSpawner.directory = "~/.multiplespawner"
c.SimpleLocalProcessSpawner.cmd = {STAND_IN!r}
"""
"""What differs from the guide's hub: ports, the proxy, and notebooks that are there sooner."""

START = "jupyterhub >>"


@pytest.fixture(scope="module")
def reader(proxy, tmp_path_factory):
    """Somebody with an empty home and all that the first section installs."""
    folder = tmp_path_factory.mktemp("home")
    hub = RealHub(folder, proxy, environment={"HOME": str(folder), "TZ": "UTC"})
    try:
        yield Reader(hub)
    finally:
        hub.end()


def test_the_guides_do_what_they_say(reader):
    """Every command answers as it is shown: the administrators', then the users', then the auditors'."""
    for block in blocks("administrators.md"):
        # what needs a network, and what goes on until it is interrupted, have tests of their own
        if block.section != "Install" and "--follow" not in block.text:
            follow(reader, block)
    users_by_program(reader)
    reader.hub.stop_server("grace")
    for block in blocks("auditors.md"):
        follow(reader, block)


def follow(reader, block):
    """Do what a block says, and before a section's first what its reader does in a browser."""
    if block.section in STORIES and block.section not in reader.sections:
        STORIES[block.section](reader.hub)
    reader.sections.add(block.section)
    if block.file:
        (reader.hub.folder / block.file).write_text(block.text)
    elif block.language == "text":
        reader.compare(tuple(block.text.splitlines()), failure(reader.hub))
    elif block.language == "bash":
        begin(reader, block.text)
    else:
        for command in commands(block.text):
            reader.does(command)


def begin(reader, text):
    """What is typed and says nothing; the hub itself is started by the harness, with the guide's settings."""
    lines, _, start = text.partition(START)
    assert reader.run(lines) == ""
    if start:
        hub = reader.hub
        guide = (hub.folder / "jupyterhub_config.py").read_text()
        command = re.compile(r"^c\.ConfigurableHTTPProxy\.command.*\n", re.MULTILINE)
        hub.config = command.sub("", guide) + HERE
        hub.start()


def users_by_program(reader):
    """Ada starts, stops and starts again the course, each as the users' guide says, and stops."""
    hub = reader.hub
    reader.environment |= {"API": f"{hub.url}/hub/api", "TOKEN": hub.token("ada")}
    # the first is for the reader's own hub and token
    _, *examples = (block.text for block in blocks("users.md") if block.language == "bash")
    for example in examples:
        answer = reader.run(example)
        assert "$API/users/ada/server" in example or json.loads(answer)["offers"], answer
        runs = "DELETE" not in example
        hub.wait("server of ada", lambda runs=runs: hub.ready("ada") if runs else has_none(hub, "ada"))
    assert hub.told("ada")["env"]["COURSE"] == "physics"
    hub.stop_server("ada")


def has_none(hub, user):
    """Whether the hub has let go of all servers of a user."""
    return hub.api("GET", f"users/{user}").json()["servers"] == {}


def two_people_start(hub):
    """Ada takes the course on physics, Grace all processors for the night."""
    hub.launch("ada", offer="course", options={"course": "physics"})
    hub.launch("grace", offer="overnight", hardware={"cpu": 8})


def ada_is_deleted(hub):
    """On the hub's admin page."""
    assert hub.api("DELETE", "users/ada").status_code == 204


def failure(hub):
    """What Ada reads when she has stopped her server and started her course again."""
    hub.stop_server("ada")
    browser = Browser(hub)
    browser.fill(browser.get("login"), username="ada", password=(hub.folder / "password").read_text().strip())
    hub.api("POST", "users/ada/server", json={"offer": "course", "options": {"course": "physics"}})
    page = BeautifulSoup(
        browser.session.get(f"{hub.url}/hub/spawn-pending/ada", timeout=LIMIT).text, "html.parser"
    )
    main = page.find("main")
    for folded in main.find_all("details"):
        folded.decompose()
    lines = (" ".join(part.get_text().split()) for part in main.find_all(["h1", "h2", "p", "a"]))
    return "\n".join(filter(None, lines))


STORIES = {
    "See what runs": two_people_start,
    "Forget a person, and prove that the log still verifies": ada_is_deleted,
}
"""What people do before a section, by its title."""
