"""Where secrets lie: files that only we can read."""
