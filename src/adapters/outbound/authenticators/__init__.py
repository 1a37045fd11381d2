"""Authenticators: they make a machine trust us, after it has shown that it is the right one."""
