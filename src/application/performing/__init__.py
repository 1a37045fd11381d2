"""What is done for each step of the plan: one call to the outside, told in commands."""

from .configuring import Configuring
from .entering import Entering
from .perform import Performer

__all__ = ["Configuring", "Entering", "Performer"]
