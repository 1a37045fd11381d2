"""Why a resource could not be set up: a few words for the user, the rest for the administrator's log."""

import logging
import re
from collections.abc import Iterable
from pathlib import Path

from attrs import frozen

from ....application.ports.configurer import ConfigurationFailed

LOG = logging.getLogger("multiplespawner.ansible")

HUNG_UP = "kex_exchange_identification"
"""What OpenSSH says when it was hung up on before the host said who it is: too many logged in at once."""

_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")
_LONGEST = 200
"""Characters for the user."""
_LONGEST_IN_LOG = 4000


@frozen
class Words:
    """Says what happened at one address, without secrets."""

    address: str
    secrets: tuple[str, ...] = ()

    def short(self, text: str) -> str:
        """The first line of a text, for the user."""
        lines = self.clean(text).strip().splitlines() or [""]
        line = _UNPRINTABLE.sub(" ", lines[0]).strip()
        return line if len(line) <= _LONGEST else line[:_LONGEST] + "…"

    def clean(self, text: str) -> str:
        """A text without secrets."""
        for secret in self.secrets:
            text = text.replace(secret, "***")
        return text

    def log(self, what: str, text: str) -> None:
        """Tell the administrator more."""
        LOG.error("%s: %s: %s", self.address, what, self.clean(text)[-_LONGEST_IN_LOG:])

    def unreachable(self, said: str, task: str | None = None) -> ConfigurationFailed:
        """OpenSSH could not enter, or not any more."""
        self.log("not reachable", said)
        why = next((words for sign, words in _SIGNS if sign in said.lower()), "it can't be reached over SSH")
        return ConfigurationFailed(
            "host_unreachable",
            f"The machine {self.address} can't be set up: {why}.",
            task=task,
            host=self.address,
        )

    def python(self, found: Iterable[str], minimum: str, python: str | None) -> ConfigurationFailed:
        """There is no Python that Ansible can use; `python` is the one that the settings want."""
        where = f" at {python}" if python else ""
        versions = ", ".join(found)
        if not versions:
            code, why = "python_missing", f"it has no Python{where}, and needs {minimum} or newer"
        else:
            code, why = "python_too_old", f"its Python{where} is {versions}, and must be {minimum} or newer"
        return ConfigurationFailed(
            code,
            f"The machine {self.address} can't be set up: {why}.",
            host=self.address,
        )

    def task(self, task: str, reason: str) -> ConfigurationFailed:
        """A task failed."""
        why = f": {reason}" if reason else ""
        return ConfigurationFailed(
            "task_failed",
            f"Setting up the machine {self.address} failed at “{task}”{why}{_end_of(reason)}",
            task=task,
            host=self.address,
        )

    def time_limit(self, seconds: float, task: str | None) -> ConfigurationFailed:
        """It took too long."""
        at = f" It was at “{task}”." if task else ""
        return ConfigurationFailed(
            "time_limit",
            f"Setting up the machine {self.address} took longer than {seconds:g} s and was stopped.{at}",
            task=task,
            host=self.address,
        )

    def broken(self, playbooks: Iterable[Path], said: str) -> ConfigurationFailed:
        """Ansible can't read a playbook."""
        names = ", ".join(playbook.name for playbook in playbooks)
        self.log(f"{names} can't be used", said)
        return ConfigurationFailed(
            "playbook_broken",
            f"The machine {self.address} can't be set up: Ansible can't read {names}.",
        )

    def in_vain(self, playbook: Path, group: str | None) -> ConfigurationFailed:
        """Each play of a playbook is for others."""
        groups = f"is in the group {group}" if group else "is in no group"
        return ConfigurationFailed(
            "playbook_broken",
            f"The machine {self.address} can't be set up: it {groups}, "
            f"and no play in {playbook.name} is for that.",
        )


def not_installed(what: str) -> ConfigurationFailed:
    """A program that a run needs isn't there."""
    return ConfigurationFailed(
        "ansible_missing",
        f"Machines can't be set up from here: {what} is not installed. Tell your administrator: "
        "pip install 'multiplespawner[ansible]', and OpenSSH's client.",
    )


def hub_unusable(why: str) -> ConfigurationFailed:
    """The hub itself can't write the files of a run, or start it."""
    return ConfigurationFailed(
        "hub_unusable",
        f"Machines can't be set up from here: the hub can't write or start what Ansible needs: {why}.",
    )


def _end_of(reason: str) -> str:
    return "" if reason.endswith((".", "!", "?", "…")) else "."


_SIGNS = (
    ("host identification has changed", "it showed another host key than the one that is known"),
    ("host key verification failed", "it showed a host key that is not known"),
    ("permission denied", "it does not accept our key"),
    ("connection refused", "nothing answers at its SSH port"),
    ("timed out", "it does not answer"),
    ("no route to host", "it does not answer"),
)
