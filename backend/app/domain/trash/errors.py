"""What can go wrong with the trash."""

from app.core.errors import Code, OmniError


class TrashedMissing(OmniError):
    code = Code.CONVERSATION_NOT_FOUND
