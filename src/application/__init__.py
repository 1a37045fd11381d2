"""Use cases, views and the driver: what happens, in which order, through which ports."""
