"""What can go wrong with conversations and messages."""

from app.core.errors import Code, OmniError


class ConversationMissing(OmniError):
    code = Code.CONVERSATION_NOT_FOUND


class MessageMissing(OmniError):
    code = Code.MESSAGE_NOT_FOUND


class AnswerRunning(OmniError):
    code = Code.GENERATION_IN_PROGRESS


class NothingToAnswer(OmniError):
    code = Code.NO_USER_MESSAGE


class AnswerFollowed(OmniError):
    """Something was said after an answer, which therefore stays as it is."""

    code = Code.CONFLICT


class AlreadyKept(OmniError):
    """Others may rely on a conversation that is kept: it does not become a temporary one."""

    code = Code.CONFLICT

    def __init__(self) -> None:
        super().__init__(text="A conversation that is kept cannot become a temporary one.")


class ConversationFull(OmniError):
    """It holds as many messages as one may."""

    code = Code.CONFLICT


class BranchesFull(OmniError):
    """There are as many branches at one place as there may be."""

    code = Code.CONFLICT
