"""Decides which two files are the configuration."""

from collections.abc import Mapping
from pathlib import Path

TEMPLATES = "spawner_templates.json"
DEPLOYMENTS = "spawner_deployment.json"
DEPLOYMENTS_TOO = "spawner_deployments.json"
"""Read where the usual name isn't there."""
TEMPLATE_VARIABLE = "MULTIPLE_SPAWNER_TEMPLATE_FILE"
DEPLOYMENT_VARIABLE = "MULTIPLE_SPAWNER_DEPLOYMENT_FILE"


def locate(
    directory: Path,
    environ: Mapping[str, str],
    template_trait: str | Path | None = None,
    deployment_trait: str | Path | None = None,
) -> tuple[Path, Path]:
    """The template file and the deployment file: as given, else by environment, else in the directory.

    Empty counts as not given. Neither file need exist.
    """
    templates = template_trait or environ.get(TEMPLATE_VARIABLE) or directory / TEMPLATES
    deployments = deployment_trait or environ.get(DEPLOYMENT_VARIABLE) or _usual(directory)
    return _expanded(templates), _expanded(deployments)


def _usual(directory: Path) -> Path:
    usual, too = directory / DEPLOYMENTS, directory / DEPLOYMENTS_TOO
    try:
        return too if too.exists() and not usual.exists() else usual
    except (OSError, ValueError):
        return usual  # reading it will say what is wrong


def _expanded(path: str | Path) -> Path:
    try:
        return Path(path).expanduser()
    except RuntimeError:  # the home of a user that doesn't exist
        return Path(path)
