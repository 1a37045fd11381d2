"""Ids from the system's source of randomness."""

import secrets


class RandomIds:
    """128 random bits each: no two are ever the same."""

    def fresh(self) -> str:
        """32 lower-case hexadecimal digits."""
        return secrets.token_hex(16)
