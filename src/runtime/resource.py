"""The kinds of resources that there are."""

from ..domain.values import ResourceTypes

__all__ = ["ResourceTypes"]
