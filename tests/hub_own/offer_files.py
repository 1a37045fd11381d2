"""Write the two files of an administrator who offers one spawner class, on this machine."""

import json
from pathlib import Path
from typing import Any

from jupyterhub.spawner import Spawner


def write_offer(folder: Path, spawner: type[Spawner], kwargs: dict[str, Any]) -> None:
    """One template and one deployment entry; the user's options go on to the spawner as they are."""
    template = {
        "name": "asked for",
        "resource_type": "bare_metal",
        "providers": ["local"],
        "spawner": {"class": f"{spawner.__module__}.{spawner.__name__}", "kwargs": kwargs},
        "inner_options": True,
    }
    entry = {"name": "here", "provider": "local"}
    (folder / "spawner_templates.json").write_text(json.dumps([template]))
    (folder / "spawner_deployment.json").write_text(json.dumps({"bare_metal": [entry]}))
