"""`multiplespawner check`."""

import typer

from .options import HOME, Deployments, Folder, Strict, Templates


def check(
    directory: Folder = HOME,
    templates: Templates = "",
    deployments: Deployments = "",
    strict: Strict = False,
) -> None:
    """Read the configuration, tell all that is wrong with it and what it offers; 1 if there are errors."""
    from rich.console import Console

    from .....bootstrap import Settings, load_configuration
    from ..report import Report

    try:
        settings = Settings(
            directory=directory.expanduser(), template_file=templates, deployment_file=deployments
        )
    except RuntimeError as error:
        raise typer.BadParameter(str(error), param_hint="--directory") from None
    report = Report(load_configuration(settings))
    # soft: a long line is the terminal's to wrap, so that what is copied or searched is whole
    Console(soft_wrap=True, highlight=False, markup=False).print(report.text())
    raise typer.Exit(report.status(strict=strict))
