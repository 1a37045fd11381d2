"""What can be asked of us: one use case a file."""
