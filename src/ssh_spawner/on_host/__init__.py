"""What runs on the host: standard library only, for Python 3.6 and later; sent over SSH, never installed."""
