"""Takes the pictures of the README: `make pictures`, and look at them."""

import datetime
import time

import pytest

from e2e.hubs import real_hub
from e2e.in_browser.hubs import close_gate, gated, open_gate

LIFETIME = {"default": 60, "maximum": 480}
ENTRIES = [
    {
        "name": "everyday",
        "display_name": "Everyday notebook",
        "description": "JupyterLab for courses and everyday work.",
        "hardware": {"cpu": {"minimum": 1, "maximum": 4, "default": 2}, "memory": 8},
    },
    {
        "name": "gpu",
        "display_name": "GPU notebook",
        "description": "For training models.",
        "hardware": {
            "cpu": 4,
            "memory": 16,
            "gpu": {"minimum": 1, "maximum": 2},
            "gpu_kind": ["a100", "l40s"],
        },
    },
    {"name": "large", "display_name": "Large memory", "hardware": {"cpu": 16, "memory": 512}},
]
WINDOW = {
    "viewport": {"width": 1100, "height": 860},
    "device_scale_factor": 1.25,
    "locale": "en-GB",
    "timezone_id": "Europe/Zurich",
}
A_WHILE = 3.0
"""Seconds that a start takes at least, so that there is something to tell of it."""


@pytest.fixture(scope="module")
def gate(tmp_path_factory):
    """Folder of the files that let starts go on."""
    return tmp_path_factory.mktemp("gate")


@pytest.fixture(scope="module")
def hub(proxy, gate, tmp_path_factory):
    """A hub as a university may have it."""
    entries = [{"provider": "local", "lifetime": LIFETIME, **entry} for entry in ENTRIES]
    offers = [gated(gate, "Notebook")], {"bare_metal": entries}
    with real_hub(tmp_path_factory.mktemp("hub"), proxy, offers=offers) as started:
        yield started


def test_choosing_and_waiting(hub, gate, visit):
    """Somebody who was here before chooses again, and waits."""
    ada = visit(hub, "ada", **WINDOW)
    waited_since = start(ada)
    hub.wait("a while", lambda: time.monotonic() > waited_since + A_WHILE)
    open_gate(gate, "ada")
    ada.arrive()
    close_gate(gate, "ada")
    hub.stop_server("ada")

    ada.page.clock.set_fixed_time(datetime.datetime(2026, 11, 25, 14, 0, tzinfo=datetime.UTC))
    ada.goto("spawn")
    ada.picture("choosing", full_page=False)

    again = visit(hub, "ada", **WINDOW)
    start(again)
    again.step("Starting the notebook").get_by_text("usually").wait_for()
    again.picture("waiting", clip={"x": 0, "y": 0, "width": 1100, "height": 580})
    open_gate(gate, "ada")
    again.arrive()


def start(somebody):
    """Have somebody start the GPU notebook and see that it is begun; returns when."""
    somebody.goto("spawn")
    somebody.pick("GPU notebook")
    somebody.start()
    somebody.step("Starting the notebook").wait_for()
    return time.monotonic()
