"""SSH, for all adapters that enter hosts: trust in both directions, connections and their own loop."""

from .connecting import connect, shown_host_key
from .failures import SshFailed
from .going import has_gone
from .hanging_up import again_while_hung_up
from .host_keys import fingerprint, known_hosts_text
from .loop import on_ssh_loop
from .processes import process_on, say_to
from .user_ca import UserCa

__all__ = [
    "SshFailed",
    "UserCa",
    "again_while_hung_up",
    "connect",
    "fingerprint",
    "has_gone",
    "known_hosts_text",
    "on_ssh_loop",
    "process_on",
    "say_to",
    "shown_host_key",
]
