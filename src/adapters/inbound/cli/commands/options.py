"""Options that several commands take."""

from pathlib import Path
from typing import Annotated

import typer

HOME = Path("~/.multiplespawner")
"""Where everything lies unless an option says otherwise."""

# a folder that may be entered but not listed will do; what can't be read in it is told by its name
Folder = Annotated[
    Path, typer.Option(help="Folder with the configuration and the event log.", readable=False)
]
Templates = Annotated[str, typer.Option(help="Template file, instead of spawner_templates.json there.")]
Deployments = Annotated[str, typer.Option(help="Deployment file, instead of spawner_deployment.json there.")]
EventLog = Annotated[str, typer.Option(help="SQLite file or postgresql:// URL, as for the hub.")]
Hub = Annotated[str, typer.Option("--hub", help="Name of the hub, as its hub_id; empty: see --all-hubs.")]
AllHubs = Annotated[
    bool,
    typer.Option("--all-hubs", help="Of every hub on this log; the default where there is no hub_id file."),
]
Strict = Annotated[bool, typer.Option("--strict", help="Leave with 1 for warnings too.")]
Json = Annotated[bool, typer.Option("--json", help="JSON for programs.")]


def _sessions(context: typer.Context, incomplete: str) -> list[str]:
    from ..completing import ids

    return ids("session", context.params, incomplete)


def _resources(context: typer.Context, incomplete: str) -> list[str]:
    from ..completing import ids

    return ids("resource", context.params, incomplete)


def _users(context: typer.Context, incomplete: str) -> list[str]:
    from ..completing import users

    return users(context.params, incomplete)


def _facts(incomplete: str) -> list[str]:
    from ..completing import facts

    return facts(incomplete)


SessionArgument = Annotated[
    str,
    typer.Argument(
        metavar="SESSION", help="Its id, or as much of it as is unique.", autocompletion=_sessions
    ),
]
UserArgument = Annotated[
    str,
    typer.Argument(metavar="USER", help="The user's name, as the hub knows it.", autocompletion=_users),
]
User = Annotated[str, typer.Option(help="Only of this user: name, or the hub's id.", autocompletion=_users)]
Session = Annotated[
    str,
    typer.Option(
        help="Only of this session: its id, or as much of it as is unique.", autocompletion=_sessions
    ),
]
Resource = Annotated[
    str,
    typer.Option(
        help="Only of this resource: its id, or as much of it as is unique.", autocompletion=_resources
    ),
]
Facts = Annotated[
    list[str] | None,
    typer.Option(
        "--name",
        help="Only these facts, such as session.failed, or a family, such as session; repeatable.",
        autocompletion=_facts,
    ),
]
Since = Annotated[
    str, typer.Option(help="Only from then on: 2026-11-25T14:00, 2h, 3 days ago, yesterday 14:00.")
]
