"""What the application asks of the outside world: one file a port, with its errors."""
