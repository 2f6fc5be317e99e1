"""Where a turn stands in its conversation's tree: the wishes of a question or a retry, and the place they come to.

Works inside the caller's transaction; knows no model and no stream.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Final

from sqlalchemy.orm import Session

from app.core.clock import now
from app.domain.conversations import repository
from app.domain.conversations import service as conversations
from app.domain.conversations.errors import (
    AnswerFollowed,
    AnswerRunning,
    BranchesFull,
    ConversationFull,
    ConversationMissing,
    MessageMissing,
    NothingToAnswer,
)
from app.domain.conversations.models import Conversation, Message
from app.domain.conversations.rules import UNTITLED, title_from

MAX_MESSAGES: Final = 10_000
"""In one conversation, which bounds its depth too."""
MAX_SIBLINGS: Final = 100
"""Below one message: answers to one question, or questions after one answer."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a turn stands.

    Attributes:
        question: What is to be answered.
        created: Whether the conversation was made for it.
        answer: The answer that goes on; None for a new one.
    """

    conversation: Conversation
    question: Message
    created: bool = False
    answer: Message | None = None


class Absent(Enum):
    """Tells a field that was not sent from one that was sent as null."""

    ABSENT = "absent"


ABSENT: Final = Absent.ABSENT


@dataclass(frozen=True, slots=True)
class Sampling:
    """What the person says about the answer itself; None leaves it to the model server.

    Attributes:
        use_memory: Whether what is remembered of them may be used, and more be remembered.
    """

    temperature: float | None = None
    top_p: float | None = None
    max_tokens: int | None = None
    system: str | None = None
    use_memory: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """A new question.

    Attributes:
        parent_id: The message it follows; ABSENT for the end of the shown branch, None for a new root.
        require_conversation: Refuse an unknown conversation instead of starting a new one.
        temporary: A conversation that is started for it is not kept.
    """

    content: str
    conversation_id: str | None = None
    parent_id: str | Absent | None = ABSENT
    provider: str | None = None
    model: str | None = None
    sampling: Sampling = Sampling()
    require_conversation: bool = False
    temporary: bool = False


@dataclass(frozen=True, slots=True)
class Retry:
    """A wish for another answer to the question above `message_id`, or at the end of the shown branch for None."""

    conversation_id: str
    message_id: str | None = None
    provider: str | None = None
    model: str | None = None
    sampling: Sampling = Sampling()


@dataclass(frozen=True, slots=True)
class Continuation:
    """A wish that the answer `message_id`, or the one at the end of the shown branch for None, goes on."""

    conversation_id: str
    message_id: str | None = None
    provider: str | None = None
    model: str | None = None
    sampling: Sampling = Sampling()


def place_question(question: Question, session: Session, owner_id: str) -> Place:
    """Store a question where it belongs.

    Raises:
        ConversationMissing: It is required and not the owner's.
        MessageMissing: The message to follow is not in the conversation.
        AnswerRunning: An answer is being written there.
        ConversationFull, BranchesFull: It holds as much as it may.
    """
    conversation, created = _conversation_for(question, session, owner_id)
    parent_id = question.parent_id
    if parent_id is ABSENT:
        if conversation.active_generation_id is not None:
            raise AnswerRunning
        parent_id = conversation.current_leaf_id
    elif isinstance(parent_id, str):
        _refuse_unfit_parent(session, owner_id, conversation.id, parent_id)
    if conversation.message_count == 0 and conversation.title == UNTITLED:
        conversation.title = title_from(question.content)
    parent = parent_id if isinstance(parent_id, str) else None
    _refuse_full(session, conversation, parent)
    message = conversations.append(
        session, conversation, parent_id=parent, role="user", content=question.content, now=now()
    )
    return Place(conversation, message, created)


def _refuse_unfit_parent(session: Session, owner_id: str, conversation_id: str, parent_id: str) -> None:
    parent = repository.message_in(session, owner_id, conversation_id, parent_id)
    if parent is None:
        raise MessageMissing
    if parent.state in repository.RUNNING:
        raise AnswerRunning


def _conversation_for(question: Question, session: Session, owner_id: str) -> tuple[Conversation, bool]:
    wanted = question.conversation_id
    if wanted is not None:
        try:
            return conversations.get(session, owner_id, wanted), False
        except ConversationMissing:
            if question.require_conversation:
                raise
    elif question.require_conversation:
        raise ConversationMissing
    return conversations.create(session, owner_id, now(), temporary=question.temporary), True


def place_retry(retry: Retry, session: Session, owner_id: str) -> Place:
    """Find the question that is to be answered once more.

    Raises:
        ConversationMissing, MessageMissing: They are not the owner's.
        AnswerRunning: It is being answered.
        NothingToAnswer: There is no question.
        ConversationFull, BranchesFull: There is no room for another answer.
    """
    conversation = conversations.get(session, owner_id, retry.conversation_id)
    target = _target(session, owner_id, conversation, retry.message_id)
    question = target if target.role == "user" else _question_above(session, owner_id, target)
    _refuse_full(session, conversation, question.id)
    return Place(conversation, question)


def place_continuation(continuation: Continuation, session: Session, owner_id: str) -> Place:
    """Find the answer that is to go on.

    Raises:
        ConversationMissing, MessageMissing: They are not the owner's.
        AnswerRunning: It is going on already.
        AnswerFollowed: Something was said after it.
        NothingToAnswer: It is no answer to a question.
    """
    conversation = conversations.get(session, owner_id, continuation.conversation_id)
    answer = _target(session, owner_id, conversation, continuation.message_id)
    if answer.role == "user":
        raise NothingToAnswer
    question = _question_above(session, owner_id, answer)
    if repository.count_children(session, conversation.id, answer.id):
        raise AnswerFollowed
    return Place(conversation, question, answer=answer)


def _target(session: Session, owner_id: str, conversation: Conversation, message_id: str | None) -> Message:
    target_id = message_id or conversation.current_leaf_id
    if target_id is None:
        raise NothingToAnswer
    target = repository.message_in(session, owner_id, conversation.id, target_id)
    if target is None:
        raise MessageMissing
    if target.state in repository.RUNNING:
        raise AnswerRunning
    return target


def _question_above(session: Session, owner_id: str, answer: Message) -> Message:
    question = repository.message(session, owner_id, answer.parent_id or "")
    if question is None or question.role != "user":
        raise NothingToAnswer
    return question


def _refuse_full(session: Session, conversation: Conversation, parent_id: str | None) -> None:
    if conversation.message_count >= MAX_MESSAGES:
        raise ConversationFull({"limit": MAX_MESSAGES})
    many = conversation.message_count >= MAX_SIBLINGS
    if many and repository.count_children(session, conversation.id, parent_id) >= MAX_SIBLINGS:
        raise BranchesFull({"limit": MAX_SIBLINGS})
