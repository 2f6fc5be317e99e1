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
