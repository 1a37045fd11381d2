"""What a template says of the SSH authenticator."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from attrs import field, frozen
from attrs.validators import ge, le

from ..ssh.networks import networks

IDENTITY = "identity"
"""The one of `certificate_kwargs` that ever counted."""


@frozen(kw_only=True)
class SSHAuthenticatorSettings:
    """Its own settings first, then those of corc 0.0.2, which are all accepted."""

    create_certificate: bool = True
    """Whether keys get certificates of the hub's CA. If not, `ssh_keyfile` is the way in."""
    ssh_keyfile: str | None = None
    """Private key with which the account that configures is entered where the host does not trust the CA yet;
    OpenSSH's format, 0600, without a passphrase."""
    certificate_minutes: int = field(default=10, validator=[ge(1), le(1440)])
    """How long a certificate holds: long enough for one connection to be made."""
    source_address: Any = field(default=(), converter=networks)
    """Networks from which machines see the hub come: certificates are good from there only. A text or a list;
    without, they are from everywhere."""
    strict_host_key_checking: Literal["yes", "accept-new"] = "yes"
    """Whether a host that nobody vouches for is refused, or believed at first sight and then pinned."""
    certificate_kwargs: dict[str, Any] = field(factory=dict)
    """`identity` begins the id of each certificate, which sshd logs."""
    load_existing: bool = False
    """Whether the key in `ssh_dir_path` is the `ssh_keyfile`."""
    ssh_dir_path: str = "~/.corc/ssh"
    key_name: str = "id_rsa"
    size: int | None = None
    check_certificate: bool | None = None

    @property
    def key_file(self) -> Path | None:
        """The private key that lets in where the CA doesn't yet; None if there is none."""
        if self.ssh_keyfile:
            return Path(self.ssh_keyfile).expanduser()
        return Path(self.ssh_dir_path, self.key_name).expanduser() if self.load_existing else None

    @property
    def identity(self) -> str:
        """How the id of a certificate begins."""
        return str(self.certificate_kwargs.get(IDENTITY) or "multiplespawner")

    def remarks(self) -> Iterator[tuple[str, str]]:
        """Settings that don't do what they did, each with what is done instead."""
        if self.load_existing:
            key = f"{self.ssh_dir_path}/{self.key_name}"
            yield (
                "load_existing",
                f"each session has keys of its own; {key} only lets in where the CA is not trusted yet, as "
                "ssh_keyfile does",
            )
        else:
            if self.ssh_dir_path != "~/.corc/ssh":
                yield "ssh_dir_path", "keys lie in the hub's private store and go with the session"
            if self.key_name != "id_rsa":
                yield "key_name", "each session has keys of its own, which need no name"
        if self.size is not None:
            yield "size", "keys are ed25519, which has one size"
        if self.check_certificate is not None:
            yield "check_certificate", "a certificate is issued for each connection"
        for other in self.certificate_kwargs.keys() - {IDENTITY}:
            yield "certificate_kwargs", f"{other} has no meaning; identity has"
