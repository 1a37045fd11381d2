"""What every playbook is told by us, besides what the settings say."""

import re
from collections.abc import Mapping
from importlib.metadata import metadata, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from ....application.ports.configurer import ConfigurationFailed, Work
from ..ssh.failures import SshFailed
from ..ssh.user_ca import UserCa
from .hub_name import hub_name
from .literal_values import literal

_AT_LEAST = re.compile(r">=\s*(\d+\.\d+)")


def own_variables(work: Work, directory: Path) -> Mapping[str, Any]:
    """Variables whose names begin with `multiplespawner_`; blocks. Raises ConfigurationFailed."""
    try:
        keys = ca_keys(directory)
    except SshFailed as error:
        raise ConfigurationFailed(error.code, error.message) from error
    return {
        "multiplespawner_account": literal(work.account),
        "multiplespawner_create_account": work.create_account,
        "multiplespawner_configuring_account": literal(work.access.user),
        "multiplespawner_ca_keys": [literal(key) for key in keys],
        "multiplespawner_hub": hub_name(directory),
        "multiplespawner_jupyterhub_version": version("jupyterhub"),
        "multiplespawner_python_minimum": python_minimum(),
    }


def ca_keys(directory: Path) -> tuple[str, ...]:
    """Keys of the hub's user CA, as lines of OpenSSH; () where SSH is not installed. Raises SshFailed."""
    if find_spec("asyncssh") is None:
        return ()
    return UserCa(directory).public_keys()


def python_minimum() -> str:
    """What JupyterHub wants of the Python that it runs on, such as `3.10`."""
    said = _AT_LEAST.search(str(metadata("jupyterhub").json.get("requires_python")))
    return said[1] if said else "3.10"
