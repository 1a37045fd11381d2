"""`multiplespawner offers`."""

from typing import Annotated

import typer

from .options import HOME, Deployments, Folder, Json, Templates

User = Annotated[str, typer.Option("--user", help="Only what the user of this name may choose.")]
Groups = Annotated[
    list[str] | None, typer.Option("--group", help="A group that the user is a member of; repeatable.")
]
Diff = Annotated[
    str, typer.Option("--diff", metavar="NEW.json", help="Say what this deployment file would change.")
]
DiffTemplates = Annotated[
    str,
    typer.Option("--diff-templates", metavar="NEW.json", help="Say what this template file would change."),
]


def offers(
    directory: Folder = HOME,
    templates: Templates = "",
    deployments: Deployments = "",
    user: User = "",
    group: Groups = None,
    json: Json = False,
    diff: Diff = "",
    diff_templates: DiffTemplates = "",
) -> None:
    """List what is offered and for whom, or say who would gain or lose what.

    With --user and --json: the JSON Schema of what this user may send. What they chose before is not known
    here: `{}` is in it only if it means the only offer. Leaves with 0, also if there are differences; with 1
    if a file has errors, which are told as `check` tells them.
    """
    from ..offering import Question, differences, offered, read

    if group and not user:
        raise typer.BadParameter("say whose groups they are with --user", param_hint="--group")
    question = Question(user=user or None, groups=tuple(group or ()), json=json)
    before = read(directory, templates, deployments)
    if diff or diff_templates:
        differences(question, before, read(directory, diff_templates or templates, diff or deployments))
    else:
        offered(question, before)
