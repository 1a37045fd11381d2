"""What is sent to the host over SSH, and the command that takes it: nothing is installed there."""

import json
from functools import cache
from importlib.resources import files

MODULES = (
    "processes",
    "folders",
    "ports",
    "relay",
    "alive",
    "limits",
    "asking",
    "keeping",
    "launching",
    "main",
)
"""Of the folder on_host; each after those that it imports."""

OLD = 69
"""Exit status where there is no Python 3.6 or later."""

COMMAND = (
    '/bin/sh -c \'IFS= read -r MULTIPLESPAWNER_RESOURCE; IFS= read -r MORE; PATH="$MORE:$PATH"; '
    "export MULTIPLESPAWNER_RESOURCE PATH; unset MORE; "
    "command -v python3 >/dev/null 2>&1 || exit 69; "
    'exec python3 -I -c "import sys; sys.version_info < (3, 6) and sys.exit(69); '
    "exec(sys.stdin.buffer.read(int(sys.stdin.buffer.readline())))\"'"
)
"""Always the same, for all can read it: what is private comes over stdin."""

_LOADER = """
import sys, types
package = sys.modules["on_host"] = types.ModuleType("on_host")
package.__path__ = []
for name, source in SOURCES:
    module = sys.modules["on_host." + name] = types.ModuleType("on_host." + name)
    module.__package__ = "on_host"
    setattr(package, name, module)
    exec(compile(source, "on_host/" + name + ".py", "exec"), module.__dict__)
package.main.main()
"""


@cache
def program() -> bytes:
    """The program as Python's text; reads files when it is called first."""
    folder = files(__package__) / "on_host"
    sources = [(name, (folder / f"{name}.py").read_text("utf-8")) for name in MODULES]
    return f"SOURCES = {sources!a}\n{_LOADER}".encode("ascii")


def spoken(request: object, mark: str, path: str) -> bytes:
    """What the command reads: the mark of what is started ("" to mark nothing), where to look for python3,
    the program and the request.

    Neither `mark` nor `path` may have a line break.
    """
    text = json.dumps(request).encode("ascii")
    return b"%s\n%s\n%d\n%s%s\n" % (mark.encode(), path.encode(), len(program()), program(), text)
