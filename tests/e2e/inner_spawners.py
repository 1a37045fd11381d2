"""Inner spawners for hubs in tests: with options of their own, failing, with secrets."""

import os
from pathlib import Path
from typing import Any

from jupyterhub.spawner import SimpleLocalProcessSpawner
from traitlets import Unicode


class SpawnerWithOptions(SimpleLocalProcessSpawner):
    """Has a form of its own and applies what was chosen in it."""

    def _options_form_default(self) -> str:
        return '<input name="colour" value="green">'

    def options_from_form(self, form_data: dict[str, list[str]]) -> dict[str, str]:
        """What was typed."""
        return {"colour": form_data["colour"][0]}

    def _apply_user_options_default(self) -> Any:
        return _apply_colour


def _apply_colour(spawner: SimpleLocalProcessSpawner, options: dict[str, str]) -> None:
    spawner.environment["COLOUR"] = options.get("colour", "none")


class WordsForTheUser(Exception):
    """An error with a text that its author meant for the user."""

    jupyterhub_message = "The coffee machine is empty."


class SpawnerThatFails(SimpleLocalProcessSpawner):
    """Starts nothing and says why."""

    async def start(self) -> Any:
        """Fail."""
        raise WordsForTheUser


class SpawnerWithSecrets(SimpleLocalProcessSpawner):
    """Takes secrets as settings and keeps one in its state."""

    password = Unicode()
    passphrase = Unicode()

    def get_state(self) -> dict[str, Any]:
        """State with a secret, as that of spawners which keep a key or a token of a cloud."""
        return {**super().get_state(), "cloud_token": os.environ["CANARY_STATE"]}


class SpawnerThatFailsWithSecrets(SpawnerWithSecrets):
    """Tells all its secrets in an error that was never meant for a user."""

    async def start(self) -> Any:
        """Fail when it has got far enough to have a state."""
        await super().start()
        Path(os.environ["CANARY_TOKEN_FILE"]).write_text(self.api_token)
        raise RuntimeError(f"{self.password} {self.passphrase} {self.api_token} {os.environ['CANARY_STATE']}")


class SpawnerThatKeeps(SimpleLocalProcessSpawner):
    """Keeps something between notebooks, in a file, until it is told to give it up."""

    kept_in = Unicode()

    async def start(self) -> Any:
        """Keep something."""
        Path(self.kept_in).write_text("kept")
        return await super().start()

    async def delete_forever(self) -> None:
        """Give it up."""
        Path(self.kept_in).unlink()
