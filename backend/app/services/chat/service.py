"""Opens turns: everything that can refuse, then one short transaction, then the run. Also finds and stops them."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from sqlalchemy.orm import Session

from app.config.settings import QuotaSettings
from app.core.clock import now
from app.core.errors import Code, OmniError
from app.core.ids import is_id
from app.db.session import Database
from app.domain.accounts.models import User
from app.domain.conversations import repository as conversation_rows
from app.domain.conversations import service as conversations
from app.domain.conversations.models import Conversation, Message
from app.domain.generations import repository as generation_rows
from app.domain.generations import service as generations
from app.domain.generations.models import Generation
from app.domain.generations.rules import KEY_LIFETIME, Submission
from app.domain.quotas import service as quotas
from app.domain.quotas.rules import Limits
from app.providers.base import ChatCall, PromptMessage
from app.providers.registry import ProviderRegistry
from app.services.chat import prompt
from app.services.chat.events import PROTOCOL, ContextNote, MemoryNote, MetaEvent, SelectionNote
from app.services.chat.placing import Place, Question, Retry, Sampling, place_question, place_retry
from app.services.chat.recorder import Draft, Recorder
from app.services.chat.turn import run_turn
from app.services.generation.bus import GenerationBus, Subscription
from app.services.generation.manager import GenerationManager
from app.services.model_selection import Choice, ModelSelector, Wish


class Draining(OmniError):
    code = Code.DRAINING


type _Place = Callable[[Session, str], Place]
"""Finds or makes a turn's place inside its transaction: (session, owner) → place."""


@dataclass(frozen=True, slots=True)
class _Opened:
    conversation: Conversation
    created: bool
    question: Message
    answer: Message
    generation: Generation
    prompt: prompt.Prompt
    max_tokens: int | None


def default_limits(settings: QuotaSettings) -> Limits:
    """What people without limits of their own may use."""
    return Limits(settings.messages_per_day, settings.tokens_per_day)


class ChatService:
    """The verbs of chatting.

    Args:
        database: Where turns are stored.
        registry: The model servers.
        selector: Chooses among them.
        manager: Runs answers.
        bus: Where answers are read.
        recorder: Writes them.
        settings: What a person may use.
    """

    def __init__(
        self,
        database: Database,
        registry: ProviderRegistry,
        selector: ModelSelector,
        manager: GenerationManager,
        bus: GenerationBus,
        recorder: Recorder,
        settings: QuotaSettings,
    ) -> None:
        self._database = database
        self._registry = registry
        self._selector = selector
        self._manager = manager
        self._bus = bus
        self._recorder = recorder
        self._settings = settings
        self._limits = default_limits(settings)

    async def ask(
        self, owner_id: str, question: Question, request_id: str, submission: Submission | None = None
    ) -> Subscription:
        """Store a question, start its answer, and read it from the first event.

        Args:
            owner_id: Who asks.
            question: What, and where.
            request_id: Told with what goes wrong.
            submission: Names the question, so that asking again reads the same answer.

        Raises:
            AlreadySubmitted, OtherSubmission, StreamGone: It was asked before, and cannot be read from here.
            ConversationMissing, MessageMissing, AnswerRunning, ContextTooLong: The question does not fit in.
            QuotaExceeded, TooManyStreams: The person has had enough for now.
            ProviderMissing, ModelMissing, ProviderUnreachable, NoModelsAvailable: Nobody can answer.
            Draining: The server is shutting down.
        """
        return await self._submit(owner_id, question, request_id, partial(place_question, question), submission)

    async def retry(
        self, owner_id: str, retry: Retry, request_id: str, submission: Submission | None = None
    ) -> Subscription:
        """Answer a question once more, beside its earlier answers; arguments as for `ask`.

        Raises:
            AlreadySubmitted, OtherSubmission, StreamGone: It was wished for before, and cannot be read from here.
            ConversationMissing, MessageMissing, AnswerRunning, NothingToAnswer: There is nothing to answer again.
            QuotaExceeded, TooManyStreams: The person has had enough for now.
            ProviderMissing, ModelMissing, ProviderUnreachable, NoModelsAvailable: Nobody can answer.
            Draining: The server is shutting down.
        """
        return await self._submit(owner_id, retry, request_id, partial(place_retry, retry), submission)

    async def attach(self, owner_id: str, generation_id: str, after: int) -> Subscription:
        """Read an answer from behind an event's number.

        Raises:
            GenerationMissing: It is not the owner's.
            StreamGone: It is over and no longer kept.
            InvalidFields: No event has this number yet.
        """
        await self._database.read(lambda session: generations.get(session, owner_id, generation_id))
        return self._bus.subscribe(generation_id, after)

    async def cancel(self, owner_id: str, generation_id: str) -> str:
        """Stop an answer, keeping its text; stopping an ended one changes nothing.

        Returns:
            Its status afterwards.

        Raises:
            GenerationMissing: It is not the owner's.
        """
        await self._database.read(lambda session: generations.get(session, owner_id, generation_id))
        await self._manager.cancel(generation_id)
        ended = await self._database.read(lambda session: generations.get(session, owner_id, generation_id))
        return ended.status

    async def recover(self) -> int:
        """At start-up: what a crash left running stands as `interrupted`.

        Returns:
            How many answers were concerned.
        """

        def write(session: Session) -> int:
            runs = generation_rows.interrupt_running_any_owner(session, now())
            texts = conversation_rows.interrupt_running_any_owner(session, runs.values())
            stored = {run: prompt.estimate_tokens(texts.get(answer, "")) for run, answer in runs.items()}
            quotas.recover(session, stored)
            return len(texts)

        return await self._database.write(write)

    async def wishes(
        self, owner_id: str, conversation_id: str | None, provider: str | None, model: str | None
    ) -> list[Wish]:
        """What the person, the conversation and the person's defaults wish for, in order of weight."""

        def read(session: Session) -> list[Wish]:
            known = conversation_id is not None and is_id(conversation_id)
            found = conversation_rows.conversation(session, owner_id, conversation_id or "") if known else None
            user = session.get_one(User, owner_id)
            return [
                Wish("explicit", provider, model),
                Wish("conversation", found.provider if found else None, found.model if found else None),
                Wish("user", user.default_provider, user.default_model),
            ]

        return await self._database.read(read)

    async def purge(self) -> int:
        """Forget old submissions; returns how many."""
        before = now() - KEY_LIFETIME
        return await self._database.write(lambda session: generation_rows.purge_keys_any_owner(session, before))

    async def _submit(
        self, owner_id: str, wish: Question | Retry, request_id: str, place: _Place, submission: Submission | None
    ) -> Subscription:
        if submission is not None:
            ended = await self._database.read(partial(_ended_before, owner_id, submission))
            if ended is not None:
                return self._bus.subscribe(ended, 0)
        choice = await self._choose(owner_id, wish.conversation_id, wish.provider, wish.model)
        return await self._open(owner_id, choice, wish.sampling, request_id, place, submission)

    async def _choose(
        self, owner_id: str, conversation_id: str | None, provider: str | None, model: str | None
    ) -> Choice:
        if self._manager.draining:
            raise Draining
        wishes = await self.wishes(owner_id, conversation_id, provider, model)
        try:
            return await self._selector.choose(wishes)
        except OmniError:
            # The quota is reserved with the turn; here it only goes before what is wrong with the model.
            await self._database.read(lambda session: self._refuse_enough(session, owner_id))
            raise

    def _refuse_enough(self, session: Session, owner_id: str) -> None:
        generations.refuse_too_many(session, owner_id, self._settings.max_streams)
        quotas.refuse_spent(session, owner_id, self._limits, now())

    async def _open(
        self,
        owner_id: str,
        choice: Choice,
        sampling: Sampling,
        request_id: str,
        place: _Place,
        submission: Submission | None,
    ) -> Subscription:
        def write(session: Session) -> _Opened | str:
            # Looked up once more: of two submissions at once, the other one may have been stored since.
            if submission is not None and (ended := _ended_before(owner_id, submission, session)):
                return ended
            generations.refuse_too_many(session, owner_id, self._settings.max_streams)
            opened = _store(session, owner_id, choice, sampling, place, self._limits)
            if submission is not None:
                generations.remember(session, owner_id, submission, opened.generation.id, now())
            return opened

        opened = await self._database.write(write)
        if isinstance(opened, str):
            return self._bus.subscribe(opened, 0)
        draft = Draft(
            generation_id=opened.generation.id,
            message_id=opened.answer.id,
            conversation_id=opened.conversation.id,
            owner_id=owner_id,
            request_id=request_id,
            prompt_tokens=opened.prompt.tokens,
            started_at=asyncio.get_running_loop().time(),
        )
        call = ChatCall(
            choice.model.id, opened.prompt.messages, sampling.temperature, sampling.top_p, opened.max_tokens
        )
        self._recorder.begin(draft, _meta(opened, choice, request_id))
        subscription = self._bus.subscribe(draft.generation_id, 0)
        provider = self._registry.get(choice.model.provider)
        work = run_turn(self._recorder, draft, self._registry, provider, call)
        self._manager.start(draft.generation_id, work, partial(self._recorder.end, draft))
        return subscription


def _store(
    session: Session, owner_id: str, choice: Choice, sampling: Sampling, place: _Place, limits: Limits
) -> _Opened:
    # All rows go out at the commit: a flush before each query would cost more than the queries do.
    with session.no_autoflush:
        return _stored(session, owner_id, choice, sampling, place, limits)


def _stored(
    session: Session, owner_id: str, choice: Choice, sampling: Sampling, place: _Place, limits: Limits
) -> _Opened:
    conversation, question, created = place(session, owner_id)
    history = _history(session, owner_id, question.parent_id)
    built = prompt.build(
        system=sampling.system or conversation.system,
        history=history,
        question=question.content,
        window=choice.model.context_length,
        max_tokens=sampling.max_tokens,
    )
    moment = now()
    model = choice.model
    answer = conversations.append(
        session,
        conversation,
        parent_id=question.id,
        role="assistant",
        content="",
        now=moment,
        state="streaming",
        provider=model.provider,
        model=model.id,
    )
    generation = generations.begin(
        session,
        owner_id=owner_id,
        conversation_id=conversation.id,
        message_id=answer.id,
        provider=model.provider,
        model=model.id,
        now=moment,
    )
    granted = quotas.reserve(
        session,
        user_id=owner_id,
        generation_id=generation.id,
        provider=model.provider,
        model=model.id,
        prompt_tokens=built.tokens,
        wished=sampling.max_tokens,
        window=model.context_length,
        defaults=limits,
        now=moment,
    )
    conversation.active_generation_id = generation.id
    if choice.source == "explicit":
        conversation.provider, conversation.model = model.provider, model.id
    return _Opened(conversation, created, question, answer, generation, built, granted.max_tokens)


def _ended_before(owner_id: str, submission: Submission, session: Session) -> str | None:
    return generations.ended_before(session, owner_id, submission, now())


def _history(session: Session, owner_id: str, leaf_id: str | None) -> Sequence[PromptMessage]:
    if leaf_id is None:
        return []
    texts = conversation_rows.path_texts(session, owner_id, leaf_id)
    return [PromptMessage("assistant" if role == "assistant" else "user", content) for role, content in texts]


def _meta(opened: _Opened, choice: Choice, request_id: str) -> MetaEvent:
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
        memory=MemoryNote(used=0, ids=[]),
        context=ContextNote(opened.prompt.tokens, opened.prompt.dropped),
    )
