"""What can go wrong with the audit log."""

from app.core.errors import Code, OmniError


class CheckpointInvalid(OmniError):
    """A line of a checkpoint file was not signed here, or is damaged."""

    code = Code.CONFLICT

    def __init__(self) -> None:
        super().__init__(text="The file of audit checkpoints is damaged or was signed with another key.")
