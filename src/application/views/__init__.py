"""Read models: what the log says, in the shape a reader wants."""
