"""docs/ssh.md tells all settings of the SSH authenticator, and every code with which it refuses."""

import re
from pathlib import Path

import attrs
import pytest

from multiplespawner.adapters.outbound.authenticators.ssh_settings import SSHAuthenticatorSettings

ROOT = Path(__file__).resolve().parents[5]
DOCUMENT = (ROOT / "docs" / "ssh.md").read_text()
SOURCES = [
    file
    for family in ("ssh", "authenticators")
    for file in (ROOT / "src" / "adapters" / "outbound" / family).glob("*.py")
]
CODES = {
    code for file in SOURCES for code in re.findall(r"SshFailed\(\s*\"([a-z_]+)\"", file.read_text())
} - {"ssh_missing"}
"""What a missing package is called is told when the configuration is checked."""


@pytest.mark.parametrize("name", [field.name for field in attrs.fields(SSHAuthenticatorSettings)])
def test_every_setting_is_told(name):
    """In the first column of the table."""
    assert re.search(rf"^\|[^|]*`{name}`[^|]*\|", DOCUMENT, re.MULTILINE)


def test_every_code_is_told_and_no_other():
    """With what to do."""
    assert set(re.findall(r"^\| `([a-z_]+)` \|[^|]+\|[^|]+\|$", DOCUMENT, re.MULTILINE)) == CODES
