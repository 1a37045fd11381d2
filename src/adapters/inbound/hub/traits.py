"""What an administrator can set by `c.MultipleSpawner`."""

from traitlets import Enum, HasTraits, Unicode


class Traits(HasTraits):
    """Where things lie and how they are told."""

    directory = Unicode(
        "~/.multiplespawner",
        help="Folder of the configuration files, the event log and the private store.",
    ).tag(config=True)
    template_file = Unicode("", help="Template file; empty for spawner_templates.json in the directory.").tag(
        config=True
    )
    deployment_file = Unicode(
        "", help="Deployment file; empty for spawner_deployment.json in the directory."
    ).tag(config=True)
    event_log = Unicode(
        "",
        help="Where the event log lies: a path of an SQLite file, or a postgresql:// URL; "
        "empty for events.sqlite in the directory.",
    ).tag(config=True)
    hub_id = Unicode(
        "", help="Name of this hub in the event log; empty for a random one that is kept in the directory."
    ).tag(config=True)
    log_format = Enum(
        ["json", "console", "none"], "json", help="How the structured log is written: a line for each fact."
    ).tag(config=True)
