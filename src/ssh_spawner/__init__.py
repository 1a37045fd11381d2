"""A JupyterHub spawner for hosts that are entered over SSH; of use with MultipleSpawner and alone."""

from .spawner import SSHSpawner

__all__ = ["SSHSpawner"]
