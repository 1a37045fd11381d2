"""`multiplespawner hosts`."""

from .options import HOME, Deployments, EventLog, Folder, Json, Templates


def hosts(
    directory: Folder = HOME,
    event_log: EventLog = "",
    templates: Templates = "",
    deployments: Deployments = "",
    json: Json = False,
) -> None:
    """List the machines of pools: whether each answers, what it has, and what the log says is taken.

    Leaves with 0, also if some are out of order; with 1 if a configuration file has errors, or a provider
    can't be asked: the machines of all others are told.
    """
    from ..hosting import list_hosts

    list_hosts(directory, event_log, templates, deployments, json=json)
