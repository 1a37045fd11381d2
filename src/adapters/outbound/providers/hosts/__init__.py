"""Machines that are there already, given out one by one and reached by SSH."""
