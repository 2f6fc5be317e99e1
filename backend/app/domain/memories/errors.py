"""What can go wrong with memories."""

from app.core.errors import Code, OmniError


class MemoryMissing(OmniError):
    code = Code.MEMORY_NOT_FOUND


class MemoryFull(OmniError):
    """A person has as many as anybody reads."""

    code = Code.CONFLICT

    def __init__(self) -> None:
        super().__init__(text="There is no room for more memories. Delete some first.")
