"""The SSH authenticator answers to the name that templates have, and says what it needs."""

import subprocess
import sys

import pytest

from multiplespawner.adapters.outbound.plugins import AUTHENTICATORS, Plugins

WITHOUT = """if True:
    import sys
    sys.modules["asyncssh"] = None
    from multiplespawner.adapters.outbound.plugins import AUTHENTICATORS, NotInstalled, Plugins
    try:
        Plugins(AUTHENTICATORS).load("corc.authenticator.SSHAuthenticator")
    except NotInstalled as error:
        print(error)
"""


@pytest.mark.parametrize("name", ["corc.authenticator.SSHAuthenticator", "multiplespawner.SSHAuthenticator"])
def test_both_names_are_its_own(name):
    """That of corc, whose package can't be installed any more, and ours."""
    assert Plugins(AUTHENTICATORS).load(name).__name__ == "SSHAuthenticator"


def test_without_the_extra_it_says_what_to_install():
    """When the configuration is checked, not when somebody starts a server."""
    ran = subprocess.run([sys.executable, "-c", WITHOUT], capture_output=True, text=True, check=True)
    assert "pip install 'multiplespawner[ssh]'" in ran.stdout
