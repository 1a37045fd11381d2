"""`multiplespawner version`."""

from importlib.metadata import version as version_of

import typer


def version() -> None:
    """Print the version of this package."""
    typer.echo(version_of("multiplespawner"))
