"""What is remembered of a log beside it."""
