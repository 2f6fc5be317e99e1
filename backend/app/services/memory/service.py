"""Brings back what is remembered of a person before their question is answered, and takes in more afterwards."""

import asyncio
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.config.settings import MemorySettings
from app.core.clock import now
from app.core.errors import InvalidFields, OmniError
from app.core.ids import is_id
from app.db.session import Database
from app.domain.conversations import repository as conversations
from app.domain.memories import repository
from app.domain.memories import service as memories
from app.domain.memories.errors import MemoryFull
from app.domain.memories.repository import Version
from app.domain.memories.rules import Source
from app.providers.base import Provider
from app.services.memory import extraction
from app.services.memory.lexical import Lexicon
from app.services.memory.meaning import Meaning, Standing

log = structlog.get_logger(__name__)

SECONDS: Final = 0.3
"""An answer waits so long for memories, never longer."""
ALIKE: Final = 0.85
"""Of the cosine between two memories that say the same in other words."""
PEOPLE_KEPT: Final = 64
RECENCY: Final = 0.1
"""Of a score is lost with age, half of it in HALF_LIFE_DAYS: of two that fit alike, the newer one helps more."""
HALF_LIFE_DAYS: Final = 90


@dataclass(frozen=True, slots=True)
class Note:
    """Something that is remembered, the message that it comes from, and when it was last said."""

    id: str
    content: str
    message_id: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Recall:
    """What came back for a question, best first; `on` tells whether the person and the conversation want memory."""

    on: bool = False
    notes: tuple[Note, ...] = ()


NOTHING: Final = Recall()


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked, as far as memory goes.

    Attributes:
        owner_id: By whom.
        conversation_id: Where; None, or an unknown one, for a new conversation.
        message_id: The answer that is wanted again; None for a new question, or for the end of the branch.
        text: The question; None for the one above the answer.
    """

    owner_id: str
    conversation_id: str | None
    message_id: str | None
    text: str | None


@dataclass(frozen=True, slots=True)
class Said:
    """A question that was answered, and where it stands."""

    owner_id: str
    conversation_id: str
    message_id: str
    text: str


@dataclass(frozen=True, slots=True)
class _Shelf:
    version: Version
    notes: tuple[Note, ...]
    lexicon: Lexicon


@dataclass(frozen=True, slots=True)
class _Search:
    """What to look for, and among what; `question_id` is the stored question, if it is one that is asked again."""

    text: str
    question_id: str | None
    shelf: _Shelf


class MemoryService:
    """Long-term memory.

    Args:
        database: Where memories are.
        settings: Whether there is memory at all, how many come back, and how well they must fit.
        meaning: Finds what is near in meaning.
    """

    def __init__(self, database: Database, settings: MemorySettings, meaning: Meaning) -> None:
        self._database = database
        self._settings = settings
        self._meaning = meaning
        self._shelves: OrderedDict[str, _Shelf] = OrderedDict()
        self._lock = threading.Lock()

    async def recall(self, asked: Asked) -> Recall:
        """What helps with a question; nothing when that takes too long or fails, which is logged."""
        if not self._settings.enabled:
            return NOTHING
        try:
            async with asyncio.timeout(SECONDS):
                search = await self._database.read(lambda session: self._search(session, asked))
                if search is None:
                    return NOTHING
                near = await self._meaning.near(
                    asked.owner_id, search.text, len(search.shelf.notes), search.shelf.version
                )
                return Recall(True, self._best(search, near))
        except (TimeoutError, OmniError, SQLAlchemyError) as error:
            # Whether the conversation pauses memory is not known then, so nothing is taken in either.
            log.warning("memory_left_out", error=type(error).__name__)
            return NOTHING

    async def remember(self, said: Said, provider: Provider | None, model: str) -> None:
        """Take in what a question asks to be kept, and what its writer says of themselves.

        Args:
            said: The question.
            provider: A model server at home with a free seat; None to go by patterns alone.
            model: Its model.
        """
        source: Source = "user"
        texts = extraction.wished(said.text)
        if not texts and extraction.speaks_of_self(said.text):
            source = "assistant"
            found = await extraction.asked(provider, model, said.text) if provider else None
            texts = extraction.stated(said.text) if found is None else found
        if texts:
            await self._database.write(lambda session: self._keep(session, said, source, texts))

    async def index(self, owner_id: str) -> None:
        """Make what is remembered of a person findable by its meaning, as far as it is not yet."""
        await self._meaning.index(owner_id)

    @property
    def enabled(self) -> bool:
        """Whether there is memory at all."""
        return self._settings.enabled

    @property
    def notice(self) -> str | None:
        """What is wrong with the store that the settings name."""
        return self._meaning.notice

    async def standing(self) -> Standing | None:
        """How memories are found now; None where there is no memory."""
        return await self._meaning.standing() if self._settings.enabled else None

    async def follow(self, owner_id: str) -> None:
        """Something of a person was changed or forgotten: let nothing of it stay where it is looked up."""
        await self._meaning.follow(owner_id)

    async def purge(self) -> None:
        """A person is gone, or wants everything forgotten: let no trace of it stay in a store's files either."""
        await self._meaning.purge()

    def close(self) -> None:
        """Give back what the store holds."""
        self._meaning.close()

    def _search(self, session: Session, asked: Asked) -> _Search | None:
        known = asked.conversation_id if asked.conversation_id and is_id(asked.conversation_id) else None
        home = conversations.conversation(session, asked.owner_id, known) if known else None
        if home is not None and not home.use_memory:
            return None
        text, question_id = asked.text, None
        if text is None and home is not None:
            leaf_id = asked.message_id or home.current_leaf_id
            question = conversations.question_of(session, asked.owner_id, leaf_id)
            text, question_id = (question.content, question.id) if question else (None, None)
        return _Search(text or "", question_id, self._shelf(session, asked.owner_id))

    def _best(self, search: _Search, near: Mapping[str, float]) -> tuple[Note, ...]:
        """What fits by its words or by its meaning; both together count more than either."""
        shelf, at = search.shelf, now()
        scores: dict[int, float] = {}
        by_words = search.shelf.lexicon.scores(search.text)
        for place, note in enumerate(shelf.notes):
            words = by_words.get(place, 0.0)
            apart = (1 - (words if words >= self._settings.min_score else 0.0)) * (1 - near.get(note.id, 0.0))
            # What the question itself had remembered tells it nothing.
            if apart < 1 and (search.question_id is None or note.message_id != search.question_id):
                age = (at - note.at).total_seconds() / 86_400
                scores[place] = (1 - apart) * (1 - RECENCY * (1 - 0.5 ** (age / HALF_LIFE_DAYS)))
        best = sorted(scores, key=lambda place: (-scores[place], place))[: self._settings.top_k]
        return tuple(shelf.notes[place] for place in best)

    def _shelf(self, session: Session, owner_id: str) -> _Shelf:
        """Somebody's memories, prepared again when one has changed since."""
        version = repository.version(session, owner_id)
        shelf = self._shelves.get(owner_id)
        if shelf is None or shelf.version != version:
            # Asked for by owner and looked at once more: one person's memory may never become another's.
            rows = [row for row in repository.texts(session, owner_id) if row[1] == owner_id]
            notes = tuple(Note(row[0], row[2], row[3], row[4]) for row in rows)
            shelf = _Shelf(version, notes, Lexicon([note.content for note in notes]))
        with self._lock:
            self._shelves[owner_id] = shelf
            self._shelves.move_to_end(owner_id)
            if len(self._shelves) > PEOPLE_KEPT:
                self._shelves.popitem(last=False)
        return shelf

    def _keep(self, session: Session, said: Said, source: Source, texts: Sequence[str]) -> None:
        there = conversations.message_in(session, said.owner_id, said.conversation_id, said.message_id) is not None
        origin = {"conversation_id": said.conversation_id, "message_id": said.message_id} if there else {}
        for text in texts:
            if source == "assistant" and self._is_known(session, said.owner_id, text):
                continue
            try:
                memories.keep(session, said.owner_id, text, source, now(), **origin)
            except (InvalidFields, MemoryFull) as error:
                log.info("memory_not_kept", error=error.code.value)

    def _is_known(self, session: Session, owner_id: str, content: str) -> bool:
        scores = self._shelf(session, owner_id).lexicon.scores(content)
        return max(scores.values(), default=0) >= ALIKE
