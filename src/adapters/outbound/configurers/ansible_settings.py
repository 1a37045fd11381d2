"""What a template says of its Ansible configurer."""

import re
from typing import Any

from attrs import field, frozen
from attrs.validators import deep_iterable, ge, gt, le, matches_re, min_len, optional

GROUP = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}", re.ASCII)
"""A name that Ansible takes for a group; a placeholder is none, so nobody's text gets into an inventory."""


@frozen
class HostSettings:
    """What the resource is in the inventory."""

    group: str | None = field(default=None, validator=optional(matches_re(GROUP)))
    """Group that it is in; None for no other than `all`."""
    port: int | None = field(default=None, validator=optional([ge(1), le(65535)]))
    """Accepted as older templates have it; what counts is the port of the resource."""


@frozen
class ApplyKwargs:
    """What is applied, in this order: `playbook_path`, then `playbook_paths`."""

    playbook_path: str | None = field(default=None, validator=optional(min_len(1)))
    playbook_paths: tuple[str, ...] = field(default=(), validator=deep_iterable(min_len(1)))

    def all(self) -> tuple[str, ...]:
        """Every playbook, as it is named."""
        return (*((self.playbook_path,) if self.playbook_path else ()), *self.playbook_paths)


@frozen
class AnsibleOptions:
    """The key `options`."""

    host_variables: dict[str, Any] = field(factory=dict, repr=False)
    """Variables of the resource; `ansible_user` is also the account that configures it."""
    host_settings: HostSettings = field(factory=HostSettings)
    apply_kwargs: ApplyKwargs = field(factory=ApplyKwargs)
    inventory_path: str | None = field(default=None, validator=optional(min_len(1)))
    """Another inventory: for variables of groups and hosts to delegate to; nothing of it is set up."""


@frozen
class AnsibleSettings:
    """All keys."""

    options: AnsibleOptions = field(factory=AnsibleOptions)
    time_limit: float = field(default=1800.0, validator=gt(0))
    """Seconds for everything; a first installation of JupyterLab takes some minutes."""
    rerun: bool = False
    """Whether to apply it also to a resource to which the very same was applied before."""
    roles_path: tuple[str, ...] = ()
    """Folders with roles, besides `roles` beside the playbook."""
    collections_path: tuple[str, ...] = ()
    """Folders with collections; none of the hub's account are used otherwise."""
