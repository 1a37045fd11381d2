"""One suite a port: an adapter's tests inherit it and fill in the fixtures."""
