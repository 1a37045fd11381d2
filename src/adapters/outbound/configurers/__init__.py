"""Set resources up before a notebook starts there."""
