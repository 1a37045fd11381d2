"""What a process on a host writes, without the host."""


class Stream:
    """Gives its parts one by one, and raises those that are errors; then is at its end."""

    def __init__(self, *parts):
        self.parts = list(parts)

    async def read(self, count):
        """The next part."""
        part = self.parts.pop(0) if self.parts else b""
        if isinstance(part, BaseException):
            raise part
        return part
