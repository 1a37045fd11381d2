"""What an administrator says of a pool of hosts; all mistakes of a host are told at once."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from attrs import field, frozen
from attrs.validators import ge, gt

from .....domain.allowance import Member
from .....domain.values import Amount
from ...ssh.networks import networks
from . import wording


def _lines(said: object) -> tuple[str, ...]:
    """Lines of one text or of several, without empty ones."""
    texts = (said,) if isinstance(said, str) else said
    if not isinstance(texts, list | tuple) or not all(isinstance(each, str) for each in texts):
        raise ValueError("host_key and host_ca: a text or a list of texts, each an OpenSSH public key")
    return tuple(line.strip() for each in texts for line in each.splitlines() if line.strip())


@frozen
class HostSettings:
    """One machine; what is None is taken from the pool's settings."""

    name: str
    """Shown to users and part of ids in the log; don't change it while something runs there."""
    address: str
    """IPv4, IPv6 or host name, as the hub reaches it."""
    port: int | None = None
    """Of its SSH server."""
    user: str | None = None
    """Account with which leases are made and processes ended: root, or one with sudo that asks nothing."""
    sessions: int = 1
    """How many it may hold at once."""
    cpu: float | None = None
    """Processors that its sessions may hold together; None for as many as they like."""
    memory: float | None = None
    """GiB, likewise."""
    gpu: int = 0
    """GPUs."""
    gpu_kind: str | None = None
    labels: Mapping[str, str] = field(factory=dict)
    """What else is known of it, such as `{"rack": "7"}`."""
    host_key: Any = field(default=(), converter=_lines)
    """Its public keys: one of them it must show. A text or a list of texts, as `ssh-keyscan` gives them
    without the host's name."""
    host_ca: Any = field(default=(), converter=_lines)
    """Public keys of the CAs that sign its host certificates."""
    strict_host_key_checking: str | None = None
    """`yes`: only what host_key or host_ca say; `accept-new`: what it shows first, from then on that."""
    ssh_keyfile: str | None = None
    """Private key to log in with; without it the hub's user CA signs a certificate for `user`."""

    def __attrs_post_init__(self) -> None:
        if flaws := [flaw for flaw in self._flaws() if flaw]:
            raise ValueError("; ".join(flaws))

    @property
    def member(self) -> Member:
        """The machine as the domain knows it."""
        gpu = self.gpu or None
        limits = {"sessions": self.sessions, "cpu": self.cpu, "memory": self.memory, "gpu": gpu}
        return Member(
            self.name,
            tuple(Amount(of, quantity) for of, quantity in limits.items() if quantity is not None),
            self.gpu_kind,
            tuple(sorted(self.labels.items())),
        )

    def _flaws(self) -> Iterator[str]:
        yield wording.name_flaw(self.name)
        yield wording.address_flaw(self.address)
        yield wording.port_flaw(self.port) if self.port is not None else ""
        yield wording.account_flaw(self.user) if self.user is not None else ""
        yield "sessions: at least 1" if self.sessions < 1 else ""
        yield from (
            f"{of}: more than 0"
            for of, quantity in (("cpu", self.cpu), ("memory", self.memory))
            if quantity is not None and not quantity > 0
        )
        yield "gpu: 0 or more" if self.gpu < 0 else ""
        yield "gpu_kind: only with gpu" if self.gpu_kind and not self.gpu else ""
        yield from wording.label_flaws(self.labels)
        yield from wording.key_flaws(self.host_key, "host_key")
        yield from wording.key_flaws(self.host_ca, "host_ca")
        checking = self.strict_host_key_checking
        yield wording.checking_flaw(checking) if checking is not None else ""


@frozen
class HostsSettings:
    """A pool of machines, and what holds for those that don't say it themselves."""

    hosts: tuple[HostSettings, ...] = field()
    port: int = 22
    user: str = "root"
    ssh_keyfile: str | None = None
    """A path; without it the hub's user CA signs a certificate for each login (`multiplespawner ca`)."""
    source_address: Any = field(default=(), converter=networks)
    """Networks from which hosts see the hub come: such a certificate is good from there only. A text or a
    list; without, it is from everywhere."""
    strict_host_key_checking: str = "yes"
    connect_timeout: float = field(default=20.0, validator=gt(0))
    """Seconds to connect and log in."""
    terminate_timeout: int = field(default=10, validator=ge(0))
    """Seconds that processes have to end by themselves before they are killed."""

    @hosts.validator
    def _check(self, _attribute: object, hosts: tuple[HostSettings, ...]) -> None:
        if not hosts:
            raise ValueError("hosts: at least one machine")
        if len(hosts) > 1000:
            raise ValueError("hosts: at most 1000 machines")

    def __attrs_post_init__(self) -> None:
        flaws = (
            wording.port_flaw(self.port),
            wording.account_flaw(self.user),
            wording.checking_flaw(self.strict_host_key_checking),
            *(f"hosts: {twice} stands twice" for twice in _twice(host.name for host in self.hosts)),
            *(f"hosts: {' and '.join(same)} are one machine" for same in self._same_machines()),
        )
        if found := [flaw for flaw in flaws if flaw]:
            raise ValueError("; ".join(found))

    def port_of(self, host: HostSettings) -> int:
        """Of its SSH server."""
        return self.port if host.port is None else host.port

    def user_of(self, host: HostSettings) -> str:
        """Account to log in with."""
        return self.user if host.user is None else host.user

    def key_file_of(self, host: HostSettings) -> Path | None:
        """Private key to log in with; None: by a certificate of the hub's user CA."""
        said = host.ssh_keyfile or self.ssh_keyfile
        return Path(said).expanduser() if said else None

    def takes_new_key_of(self, host: HostSettings) -> bool:
        """Whether the key that it shows first is taken on trust."""
        return (host.strict_host_key_checking or self.strict_host_key_checking) == "accept-new"

    def _same_machines(self) -> Iterator[tuple[str, ...]]:
        names: dict[tuple[str, int], dict[str, None]] = {}
        for host in self.hosts:
            names.setdefault((host.address.lower(), self.port_of(host)), {})[host.name] = None
        return (tuple(same) for same in names.values() if len(same) > 1)


def _twice(said: Iterable[Any]) -> list[Any]:
    return [each for each, times in Counter(said).items() if times > 1]
