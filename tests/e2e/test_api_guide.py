"""The commands of the API's guide do what it says."""

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from e2e.hubs import STAND_IN, real_hub

DOCS = Path(__file__).parents[2] / "docs"
BLOCK = re.compile(r"^```(bash|json)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def blocks(name: str) -> list[tuple[str, str]]:
    """Language and text of the examples in a document."""
    return BLOCK.findall((DOCS / name).read_text())


@pytest.fixture
def hub(proxy, tmp_path):
    """A hub with the example of the guide to configuration."""
    (templates, entries, *_) = (
        json.loads(text) for language, text in blocks("configuration.md") if language == "json"
    )
    templates[0]["spawner"]["kwargs"]["cmd"] = STAND_IN
    with real_hub(tmp_path, proxy, offers=(templates, entries)) as started:
        yield started


def test_every_command_of_the_guide_answers_as_it_says(hub):
    """With the keys that the answer below it has; without one, with nothing or what reads as JSON."""
    hub.api("POST", "users/ada")
    environment = {**os.environ, "API": f"{hub.url}/hub/api", "TOKEN": hub.token("ada")}
    # the first block is for the reader's own hub and token
    (_, *examples) = blocks("api.md")
    for (language, text), (after, answer) in zip(examples, [*examples[1:], ("", "")], strict=True):
        if language == "bash":
            done = subprocess.run(["bash", "-ec", text], env=environment, capture_output=True, check=True)
            told = json.loads(done.stdout or b"{}")
            if after == "json":
                assert has(told, json.loads(answer)), (text, told)
            if "users/ada/server" in text:
                hub.wait("server of ada", lambda: hub.ready("ada"))
    hub.stop_server("ada")


def has(told: Any, said: Any) -> bool:
    """Whether an answer has all keys of the one in the guide, and as many of everything."""
    if isinstance(said, dict):
        return isinstance(told, dict) and all(key in told and has(told[key], said[key]) for key in said)
    if isinstance(said, list) and said:
        return isinstance(told, list) and all(has(*pair) for pair in zip(told, said, strict=True))
    return type(told) is type(said) or said is None
