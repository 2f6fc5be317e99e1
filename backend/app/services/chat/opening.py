"""The one transaction that opens a turn: question, answer, run and reservation, all or nothing.

Knows no model server.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from sqlalchemy.orm import Session

from app.core.clock import now
from app.db.base import insert_new
from app.domain.conversations import repository as conversation_rows
from app.domain.conversations import service as conversations
from app.domain.conversations.models import Conversation, Message
from app.domain.generations import service as generations
from app.domain.generations.models import Generation
from app.domain.memories import repository as memories
from app.domain.quotas import service as quotas
from app.domain.quotas.rules import Limits
from app.providers.base import PromptMessage
from app.services.chat import prompt
from app.services.chat.events import PROTOCOL, ContextNote, MemoryNote, MetaEvent, SelectionNote
from app.services.chat.placing import Place, Sampling
from app.services.chat.recorder import Earlier
from app.services.memory.service import NOTHING, Recall
from app.services.model_selection import Choice

type Placing = Callable[[Session, str], Place]
"""Finds or makes a turn's place inside its transaction: (session, owner) → place."""

GO_ON: Final = "Go on exactly where you stopped. Repeat nothing of what you wrote, and do not comment on it."


@dataclass(frozen=True, slots=True)
class Opening:
    """What a turn is opened with.

    Attributes:
        owner_id: Who asks.
        choice: Who answers.
        sampling: What the person says about the answer.
        limits: What people without limits of their own may use.
        window: The context of models whose server does not tell it, in tokens.
        scale: Of estimated tokens for this model, by its server's own counts so far.
        queued: Whether the model server has no seat free.
        recall: What is remembered of the person that may help.
    """

    owner_id: str
    choice: Choice
    sampling: Sampling
    limits: Limits
    window: int
    scale: float
    queued: bool
    recall: Recall = NOTHING


@dataclass(frozen=True, slots=True)
class Opened:
    """A turn whose rows are stored."""

    conversation: Conversation
    created: bool
    question: Message
    answer: Message
    generation: Generation
    prompt: prompt.Prompt
    max_tokens: int | None
    earlier: Earlier | None


def open_turn(session: Session, opening: Opening, place: Placing) -> Opened:
    """Store a turn.

    Raises:
        ContextTooLong: The question alone does not fit the model.
        QuotaExceeded: The person has had enough of the day.
        OmniError: or what `place` raises.
    """
    # All rows go out at the end: a flush before each query would cost more than the queries do.
    with session.no_autoflush:
        opened = _opened(session, opening, place(session, opening.owner_id))
        insert_new(session)
    return opened


def _opened(session: Session, opening: Opening, place: Place) -> Opened:
    conversation, question, model, moment = place.conversation, place.question, opening.choice.model, now()
    window = model.context_length or opening.window
    built, used = _prompt(session, opening, place, window)
    earlier = _earlier(place.answer)
    answer = place.answer or conversations.append(
        session, conversation, parent_id=question.id, role="assistant", content="", now=moment
    )
    answer.state = "queued" if opening.queued else "streaming"
    answer.provider, answer.model = model.provider, model.id
    answer.error_code = answer.finish_reason = None
    answer.memory_ids = used or None
    if used:
        memories.note_use(session, opening.owner_id, used, moment)
    generation = generations.begin(
        session,
        owner_id=opening.owner_id,
        conversation_id=conversation.id,
        message_id=answer.id,
        provider=model.provider,
        model=model.id,
        status=answer.state,
        now=moment,
    )
    granted = quotas.reserve(
        session,
        user_id=opening.owner_id,
        generation_id=generation.id,
        provider=model.provider,
        model=model.id,
        prompt_tokens=built.tokens,
        wished=opening.sampling.max_tokens,
        window=window,
        defaults=opening.limits,
        now=moment,
    )
    conversation.active_generation_id = generation.id
    conversation.current_leaf_id = answer.id
    if opening.choice.source == "explicit":
        conversation.provider, conversation.model = model.provider, model.id
    return Opened(conversation, place.created, question, answer, generation, built, granted.max_tokens, earlier)


def _prompt(session: Session, opening: Opening, place: Place, window: int) -> tuple[prompt.Prompt, list[str]]:
    """The prompt, and ids of the memories in it, which are left out before a question is refused."""
    history = _history(session, opening.owner_id, place.question.parent_id)
    question = place.question.content
    if place.answer and place.answer.content:
        history = [*history, PromptMessage("user", question), PromptMessage("assistant", place.answer.content)]
        question = GO_ON
    build = partial(
        prompt.build,
        history=history,
        question=question,
        window=window,
        max_tokens=opening.sampling.max_tokens,
        scale=opening.scale,
    )
    told, notes = opening.sampling.system or place.conversation.system, opening.recall.notes
    most = min(prompt.MOST_NOTES, window // prompt.NOTES_SHARE)
    system, used = prompt.with_notes(told, [note.content for note in notes], most)
    try:
        return build(system=system), [note.id for note in notes[:used]]
    except prompt.ContextTooLong:
        if not used:
            raise
    return build(system=told), []


def _history(session: Session, owner_id: str, leaf_id: str | None) -> Sequence[PromptMessage]:
    if leaf_id is None:
        return []
    texts = conversation_rows.path_texts(session, owner_id, leaf_id)
    return [PromptMessage("assistant" if role == "assistant" else "user", content) for role, content in texts]


def _earlier(answer: Message | None) -> Earlier | None:
    if answer is None:
        return None
    return Earlier(answer.content, answer.reasoning, answer.prompt_tokens or 0, answer.completion_tokens or 0)


def meta_of(opened: Opened, choice: Choice, request_id: str) -> MetaEvent:
    """The first event of a turn's stream."""
    return MetaEvent(
        protocol=PROTOCOL,
        request_id=request_id,
        generation_id=opened.generation.id,
        conversation_id=opened.conversation.id,
        conversation_created=opened.created,
        title=opened.conversation.title,
        user_message_id=opened.question.id,
        assistant_message_id=opened.answer.id,
        parent_id=opened.question.parent_id,
        provider=choice.model.provider,
        model=choice.model.id,
        selection=SelectionNote(choice.source, choice.fallback_from, choice.reason),
        memory=MemoryNote(used=len(opened.answer.memory_ids or []), ids=opened.answer.memory_ids or []),
        context=ContextNote(opened.prompt.tokens, opened.prompt.dropped),
    )
