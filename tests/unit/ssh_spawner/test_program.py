"""What is sent to hosts is Python of their age, whole, and the same for all."""

import ast
import json
import subprocess
from importlib.resources import files
from uuid import uuid4

import pytest

from multiplespawner.ssh_spawner.on_host.main import PREFIX
from multiplespawner.ssh_spawner.program import COMMAND, MODULES, OLD, program, spoken

FOLDER = files("multiplespawner.ssh_spawner") / "on_host"


def run(data: bytes, **given) -> subprocess.CompletedProcess[bytes]:
    """As sshd would: the command through a login shell."""
    return subprocess.run(["/bin/sh", "-c", COMMAND], input=data, capture_output=True, timeout=30, **given)


@pytest.mark.parametrize("name", [each.name for each in FOLDER.iterdir() if each.name.endswith(".py")])
def test_it_is_python_of_old_hosts(name):
    """No syntax that came after 3.6, and nothing that is imported but the standard library and itself."""
    tree = ast.parse((FOLDER / name).read_text(), feature_version=(3, 6))
    names = {each.name for node in ast.walk(tree) if isinstance(node, ast.Import) for each in node.names}
    assert names <= {
        *("contextlib", "errno", "json", "os", "select", "shutil", "signal", "socket", "stat", "subprocess"),
        *("sys", "tempfile", "threading", "time"),
    }


@pytest.mark.parametrize("name", MODULES)
def test_annotations_of_today_are_never_evaluated(name):
    """An old Python would fail at `list[int]` or `int | None` outside quotes."""
    tree = ast.parse((FOLDER / f"{name}.py").read_text())
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    for function in functions:
        for annotation in (*(each.annotation for each in function.args.args), function.returns):
            assert not isinstance(annotation, ast.Subscript | ast.BinOp), f"{name}.{function.name}"


def test_every_module_is_sent():
    """After those that it imports."""
    there = {each.name.removesuffix(".py") for each in FOLDER.iterdir() if each.name.endswith(".py")}
    assert there == {*MODULES, "__init__"}
    for number, name in enumerate(MODULES):
        tree = ast.parse((FOLDER / f"{name}.py").read_text())
        imported = [
            each.name for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.level for each in n.names
        ]
        assert set(imported) <= set(MODULES[:number])


def test_the_command_says_nothing_private():
    """Neither marks, paths, programs nor requests are part of it, and no shell reads it in another way."""
    assert "!" not in COMMAND
    assert "\n" not in COMMAND
    assert COMMAND.count("'") == 2


def test_it_answers(tmp_path):
    """Run as sent, it tells what was asked for."""
    question = {
        "do": "status",
        "token": uuid4().hex,
        "base": str(tmp_path),
        "pid": None,
        "born": None,
        "boot": "",
    }
    done = run(spoken(question, "", "/nowhere"))
    assert done.stderr == b""
    (line,) = [line for line in done.stdout.decode().splitlines() if line]
    assert json.loads(line.removeprefix(PREFIX)) == {"event": "gone", "status": None}


def test_where_there_is_no_python_a_status_says_so():
    """Without python3 on PATH."""
    done = run(b"\n\n", env={"PATH": "/nowhere"})
    assert done.returncode == OLD


def test_the_program_is_ascii():
    """Whatever the host's locale is."""
    assert program().isascii()
