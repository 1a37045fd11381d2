"""Under which unix account of a machine a user's notebook runs."""

import re
from base64 import b32encode
from collections.abc import Collection
from hashlib import sha256

from attrs import frozen

from .refusals import Refusal

SYSTEM_ACCOUNTS = frozenset(
    {
        *("root", "daemon", "bin", "sys", "sync", "games", "man", "lp", "mail", "news", "uucp", "_apt"),
        *("proxy", "www-data", "backup", "list", "irc", "nobody", "sshd", "adm", "shutdown"),
        *("halt", "operator", "ftp", "messagebus", "dbus", "polkitd", "chrony", "postgres", "mysql"),
        *("munge", "slurm", "jupyterhub"),
    }
)
"""Accounts that no notebook may run under: of Debian's base-passwd and EL's setup package, and of services
that often stand beside a hub. What else is a system's account is known only on the machine, by its number."""

IMAGE_ACCOUNTS = frozenset(
    {
        *("ubuntu", "debian", "admin", "ec2-user", "cloud-user", "centos", "rocky", "almalinux", "fedora"),
        *("opensuse", "azureuser", "opc", "core", "vagrant", "pi"),
    }
)
"""Accounts that images of clouds come with, and that may do anything there without a password."""

RESERVED = SYSTEM_ACCOUNTS | IMAGE_ACCOUNTS
"""Accounts that nobody gets for being called so."""

_NAME = re.compile(r"[a-z_][a-z0-9_-]{0,31}", re.ASCII)
"""What useradd of Debian, Ubuntu and EL takes by default."""

_MADE = re.compile(r"nb-.+-[a-z2-7]{16}", re.ASCII)
"""What accounts look like whose names can't be the user's own; a user's own never does."""


class AccountNotPossible(Refusal):
    """A user's name can't be that of an account."""

    code = "account_not_possible"

    def __init__(self, user: str) -> None:
        super().__init__(
            "Your user name can't be the name of an account on this machine, or is reserved there. Choose "
            "another offer, or ask your administrator for an account of another name."
        )
        self.user = user


@frozen
class UnixAccount:
    """Under which account of the resource the notebook runs."""

    mode: str
    """`existing` (the account named as the user), `create` (made if missing) or `fixed`."""
    name: str | None = None
    """Of the account, when fixed."""

    def of(self, user: str) -> str:
        """The account's name for a user of the hub; no two users have the same, unless it is fixed.

        Raises AccountNotPossible where the user's name must be the account's and can't be.
        """
        if self.mode == "fixed" and self.name is not None:
            return self.name
        if _can_be_an_account(user):
            return user
        if self.mode == "create":
            return _made_for(user)
        raise AccountNotPossible(user)

    def may_be(self, account: str, reserved: Collection[str]) -> bool:
        """Whether a notebook may have an account, though it may be one of those that set machines up.

        Only where an administrator said so: a user who is called like it would get its rights.
        """
        return self.mode == "fixed" or account not in reserved


def _can_be_an_account(user: str) -> bool:
    return bool(_NAME.fullmatch(user)) and user not in RESERVED and not _MADE.fullmatch(user)


def _made_for(user: str) -> str:
    readable = re.sub(r"[^a-z0-9]+", "-", user.lower(), flags=re.ASCII)[:12].strip("-")
    # 80 bits: who may choose a name of their own must not find one with the same account
    digest = b32encode(sha256(user.encode()).digest()[:10]).decode().lower()
    return f"nb-{readable or 'user'}-{digest}"
