"""What can go wrong with the audit log's proofs."""

from app.core.errors import Code, OmniError


class CheckpointInvalid(OmniError):
    """A line of checkpoints is damaged, or was not signed with this key; `detail` has its number.

    Args:
        line: Its number, from 1; None when the text cannot be read at all.
    """

    code = Code.CONFLICT

    def __init__(self, line: int | None = None) -> None:
        super().__init__(
            {"line": line} if line else None,
            text="The file of audit checkpoints is damaged or was signed with another key.",
        )


class ErasureUnproven(Exception):
    """A person's traces were to be erased before the log says that the person was deleted: a programming error."""


class EntryUnreadable(Exception):
    """A row holds bytes that are no text.

    Args:
        seq: Its number.
    """

    def __init__(self, seq: int) -> None:
        super().__init__(f"audit entry {seq} cannot be read")
        self.seq = seq
