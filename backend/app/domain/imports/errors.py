"""What can go wrong with imports."""

from app.core.errors import Code, OmniError


class ImportMissing(OmniError):
    code = Code.NOT_FOUND


class ImportRunning(OmniError):
    """One at a time keeps the others' answers quick."""

    code = Code.CONFLICT

    def __init__(self) -> None:
        super().__init__(text="An import of yours is still under way. Wait for its end.")
