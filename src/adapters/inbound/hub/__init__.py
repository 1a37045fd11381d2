"""The hub adapter: what JupyterHub calls."""

from .spawner import MultipleSpawner

__all__ = ["MultipleSpawner"]
