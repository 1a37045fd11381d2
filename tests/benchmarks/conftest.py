"""What these tests share with those of the whole hub."""

from e2e.conftest import proxy

__all__ = ["proxy"]
