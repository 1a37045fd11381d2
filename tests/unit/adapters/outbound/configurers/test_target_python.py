"""The Python of a resource is asked for and judged."""

import subprocess

from multiplespawner.adapters.outbound.configurers.target_python import (
    answers,
    minimum,
    question,
    suitable,
)

ENV = {"PATH": "/usr/bin:/bin"}


def test_a_shell_answers_the_question():
    """Each Python that there is, with a path and a version; whatever else is said is passed over."""
    said = subprocess.run(
        ["/bin/sh", "-c", question(None)], capture_output=True, text=True, env=ENV, check=True
    ).stdout
    found = answers(f"Welcome!\r\n{said}bye")
    assert found
    assert all(path.startswith("/") and version >= (2, 0) for path, version in found)
    assert answers("Python 3.11\nmultiplespawner /x y\n") == []


def test_a_fixed_one_is_asked_alone():
    """Also one with a strange name."""
    command = ["/bin/sh", "-c", question("/opt/my python; echo multiplespawner /x 9.9")]
    assert subprocess.run(command, capture_output=True, text=True, env=ENV, check=True).stdout == ""


def test_the_first_that_is_new_enough_is_taken():
    """The distribution's own comes first."""
    found = [("/usr/bin/python3", (3, 6)), ("/usr/bin/python3.12", (3, 12)), ("/usr/bin/python3.9", (3, 9))]
    assert suitable(found, (3, 8)) == "/usr/bin/python3.12"
    assert suitable(found[:1], (3, 8)) is None


def test_the_installed_ansible_says_what_it_needs():
    """As its own source has it."""
    assert (3, 8) <= minimum() < (4, 0)
