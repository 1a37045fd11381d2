"""What is done for each step of the plan: one call to the outside, told in commands."""

from .perform import Performer

__all__ = ["Performer"]
