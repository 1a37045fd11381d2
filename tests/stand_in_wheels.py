"""Packages that look like JupyterHub and JupyterLab to pip, for hosts that reach no index."""

import zipfile
from importlib.metadata import version
from pathlib import Path


def write_wheels(folder: Path, server: str | None = None) -> None:
    """Write both into a folder; each brings a program that prints its version.

    server: text of a module whose `main` is the notebook server's instead.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder, "jupyterhub", version("jupyterhub"), "jupyterhub-singleuser", server)
    _write(folder, "jupyterlab", "4.99", "jupyter-lab")


def _write(folder: Path, name: str, number: str, program: str, module: str | None = None) -> None:
    about = f"{name}-{number}.dist-info"
    files = {
        f"{name}/__init__.py": module or f"def main():\n    print('{number}')\n",
        f"{about}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {number}\n",
        f"{about}/WHEEL": "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{about}/entry_points.txt": f"[console_scripts]\n{program} = {name}:main\n",
    }
    files[f"{about}/RECORD"] = "".join(f"{file},,\n" for file in (*files, f"{about}/RECORD"))
    with zipfile.ZipFile(folder / f"{name}-{number}-py3-none-any.whl", "w") as wheel:
        for file, text in files.items():
            wheel.writestr(file, text)
