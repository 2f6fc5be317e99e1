"""Opens turns: everything that can refuse, then one short transaction, then the run. Also finds and stops them."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Final

from sqlalchemy.orm import Session

from app.config.settings import ChatSettings, QuotaSettings
from app.core.clock import now
from app.core.errors import Code, OmniError
from app.core.ids import is_id
from app.db.session import Database
from app.domain.accounts import repository as account_rows
from app.domain.accounts import service as accounts
from app.domain.conversations import repository as conversation_rows
from app.domain.conversations.rules import is_cut
from app.domain.generations import repository as generation_rows
from app.domain.generations import service as generations
from app.domain.generations.rules import KEY_LIFETIME, Submission
from app.domain.quotas import service as quotas
from app.domain.quotas.rules import Limits
from app.providers.base import ChatCall
from app.services.chat import prompt
from app.services.chat.opening import Opened, Opening, Placing, meta_of, open_turn
from app.services.chat.placing import Continuation, Question, Retry, place_continuation, place_question, place_retry
from app.services.chat.recorder import BEAT_SECONDS, Draft
from app.services.chat.turn import Stage, run_turn
from app.services.generation.bus import GenerationBus, Subscription
from app.services.generation.manager import Ending, GenerationManager
from app.services.memory.service import NOTHING, Asked, MemoryService, Recall, Said
from app.services.model_selection import GUIDE, Choice, ModelSelector, Wish
from app.services.titles import title_for

DEAD_AFTER: Final = timedelta(seconds=12 * BEAT_SECONDS)
"""A run without a heartbeat for so long is dead, however slow the disk."""


FIRST_MESSAGES: Final = 2


class Draining(OmniError):
    code = Code.DRAINING


def default_limits(settings: QuotaSettings) -> Limits:
    """What people without limits of their own may use."""
    return Limits(settings.messages_per_day, settings.tokens_per_day)


class ChatService:
    """The verbs of chatting.

    Args:
        database: Where turns are stored.
        stage: What they are played on.
        selector: Chooses who answers.
        manager: Runs answers.
        bus: Where answers are read.
        quotas: What a person may use.
        settings: The window of models that do not tell theirs.
        memory: What is remembered of people.
    """

    def __init__(
        self,
        database: Database,
        stage: Stage,
        selector: ModelSelector,
        manager: GenerationManager,
        bus: GenerationBus,
        quotas: QuotaSettings,
        settings: ChatSettings,
        memory: MemoryService,
    ) -> None:
        self._database = database
        self._stage = stage
        self._selector = selector
        self._manager = manager
        self._bus = bus
        self._quotas = quotas
        self._limits = default_limits(quotas)
        self._window = settings.context_tokens
        self._scales = prompt.Scales()
        self._memory = memory

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

    async def go_on(
        self, owner_id: str, continuation: Continuation, request_id: str, submission: Submission | None = None
    ) -> Subscription:
        """Let an answer go on where it ended; its stream begins with the text that was there.

        Raises:
            AlreadySubmitted, OtherSubmission, StreamGone: It was wished for before, and cannot be read from here.
            ConversationMissing, MessageMissing, AnswerRunning, AnswerFollowed, NothingToAnswer: It cannot go on.
            QuotaExceeded, TooManyStreams: The person has had enough for now.
            ProviderMissing, ModelMissing, ProviderUnreachable, NoModelsAvailable: Nobody can answer.
            Draining: The server is shutting down.
        """
        place = partial(place_continuation, continuation)
        return await self._submit(owner_id, continuation, request_id, place, submission)

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
            return _interrupt(session, runs, crashed=True)

        return await self._database.write(write)

    async def sweep(self) -> int:
        """Interrupt runs whose heart stopped beating although the server goes on.

        Returns:
            How many there were.
        """

        alive = self._manager.running_ids()

        def write(session: Session) -> int:
            moment = now()
            silent = generation_rows.interrupt_running_any_owner(
                session, moment, silent_since=moment - DEAD_AFTER, alive=alive
            )
            return _interrupt(session, silent, crashed=False)

        return await self._database.write(write)

    async def wishes(
        self, owner_id: str, conversation_id: str | None, provider: str | None, model: str | None
    ) -> tuple[list[Wish], str | None]:
        """What the person, the conversation and the person's defaults wish for, in order of weight.

        Returns:
            The wishes, and the provider of the conversation's newest answer; an explicit wish alone, because it is kept
            or refused whatever the others are.
        """
        explicit = Wish("explicit", provider, model)
        if explicit:
            return [explicit], None

        def read(session: Session) -> tuple[list[Wish], str | None]:
            known = conversation_id if conversation_id is not None and is_id(conversation_id) else None
            chosen, answered = conversation_rows.models_of(session, owner_id, known) if known else (None, None)
            ranked = [
                Wish("conversation", *(chosen or (None, None))),
                Wish("user", *account_rows.default_model(session, owner_id)),
            ]
            return ranked, answered

        return await self._database.read(read)

    async def purge(self) -> int:
        """Forget old submissions; returns how many."""
        before = now() - KEY_LIFETIME
        return await self._database.write(lambda session: generation_rows.purge_keys_any_owner(session, before))

    async def _submit(
        self,
        owner_id: str,
        wish: Question | Retry | Continuation,
        request_id: str,
        place: Placing,
        submission: Submission | None,
    ) -> Subscription:
        if submission is not None:
            ended = await self._database.read(partial(_ended_before, owner_id, submission))
            if ended is not None:
                return self._bus.subscribe(ended, 0)
        choice = await self._choose(owner_id, wish.conversation_id, wish.provider, wish.model)
        model = choice.model
        opening = Opening(
            owner_id=owner_id,
            choice=choice,
            sampling=wish.sampling,
            limits=self._limits,
            window=self._window,
            scale=self._scales.of(model.provider, model.id),
            queued=not self._stage.seats.is_free(model.provider),
            recall=await self._recall(owner_id, wish),
        )
        opened = await self._database.write(partial(self._open, opening, place, submission))
        if isinstance(opened, str):
            return self._bus.subscribe(opened, 0)
        return self._start(opening, opened, request_id, told=isinstance(wish, Question))

    async def _recall(self, owner_id: str, wish: Question | Retry | Continuation) -> Recall:
        if not wish.sampling.use_memory:
            return NOTHING
        asked = (None, wish.content) if isinstance(wish, Question) else (wish.message_id, None)
        return await self._memory.recall(Asked(owner_id, wish.conversation_id, *asked))

    async def _choose(
        self, owner_id: str, conversation_id: str | None, provider: str | None, model: str | None
    ) -> Choice:
        if self._manager.draining:
            raise Draining
        wishes, answered_by = await self.wishes(owner_id, conversation_id, provider, model)
        try:
            return await self._selector.choose(wishes, answered_by)
        except OmniError:
            # The quota is reserved with the turn; here it only goes before what is wrong with the model.
            await self._database.read(lambda session: self._refuse_enough(session, owner_id))
            raise

    def _refuse_enough(self, session: Session, owner_id: str) -> None:
        generations.refuse_too_many(session, owner_id, self._quotas.max_streams)
        quotas.refuse_spent(session, owner_id, self._limits, now())

    def _open(self, opening: Opening, place: Placing, submission: Submission | None, session: Session) -> Opened | str:
        # Looked up once more: of two submissions at once, the other one may have been stored since.
        if submission is not None and (ended := _ended_before(opening.owner_id, submission, session)):
            return ended
        accounts.refuse_overtaken(session, opening.owner_id)
        generations.refuse_too_many(session, opening.owner_id, self._quotas.max_streams)
        opened = open_turn(session, opening, place)
        if submission is not None:
            generations.remember(session, opening.owner_id, submission, opened.generation.id, now())
        return opened

    def _start(self, opening: Opening, opened: Opened, request_id: str, *, told: bool) -> Subscription:
        draft = Draft(
            meta=meta_of(opened, opening.choice, request_id),
            owner_id=opening.owner_id,
            prompt_tokens=opened.prompt.tokens,
            started_at=asyncio.get_running_loop().time(),
            state="queued" if opening.queued else "streaming",
            earlier=opened.earlier,
        )
        sampling, choice = opening.sampling, opening.choice
        call = ChatCall(
            choice.model.id, opened.prompt.messages, sampling.temperature, sampling.top_p, opened.max_tokens
        )
        recorder = self._stage.recorder
        recorder.begin(draft)
        subscription = self._bus.subscribe(draft.generation_id, 0)
        if not choice.others:
            recorder.announce(draft)
        work = run_turn(self._stage, draft, choice, call)
        said = _said(opened) if told and opening.recall.on else None
        self._manager.start(draft.generation_id, work, partial(self._end, draft, _to_be_named(opened), said))
        return subscription

    async def _end(self, draft: Draft, unnamed: str | None, said: Said | None, ending: Ending) -> None:
        await self._stage.recorder.end(draft, ending)
        self._measure(draft, ending)
        provider_id, model = draft.meta.provider, draft.meta.model
        if draft.usage is not None:
            self._scales.learn(provider_id, model, draft.prompt_tokens, draft.usage.prompt_tokens)
        # A title is worth a free seat, never anybody's wait.
        if unnamed and draft.text and provider_id != GUIDE and self._stage.seats.is_free(provider_id):
            self._manager.follow_up(f"name {draft.meta.conversation_id}", self._name(draft, unnamed))
        if said is not None:
            self._manager.follow_up(f"remember {said.message_id}", self._remember(said, provider_id, model))

    def _measure(self, draft: Draft, ending: Ending) -> None:
        metrics, provider_id = self._stage.metrics, draft.meta.provider
        seconds = asyncio.get_running_loop().time() - draft.started_at
        first = None if draft.first_at is None else draft.first_at - draft.started_at
        metrics.answer(provider_id, ending.status, ending.error.code.value if ending.error else None, seconds, first)
        if draft.usage is not None:
            metrics.tokens(provider_id, draft.usage.prompt_tokens, draft.usage.completion_tokens)

    async def _remember(self, said: Said, provider_id: str, model: str) -> None:
        provider, seats = self._stage.registry.get(provider_id), self._stage.seats
        if provider_id == GUIDE or provider.location != "home" or not seats.is_free(provider_id):
            await self._memory.remember(said, None, model)
        else:
            async with seats.seat(provider_id, said.owner_id, lambda _place: None):
                await self._memory.remember(said, provider, model)
        await self._memory.index(said.owner_id)

    async def _name(self, draft: Draft, question: str) -> None:
        meta, provider = draft.meta, self._stage.registry.get(draft.meta.provider)
        async with self._stage.seats.seat(provider.id, draft.owner_id, lambda _place: None):
            title = await title_for(provider, meta.model, question, draft.content)
        if title is None:
            return

        def write(session: Session) -> None:
            conversation_rows.rename(session, draft.owner_id, meta.conversation_id, meta.title, title)

        await self._database.write(write)


def _to_be_named(opened: Opened) -> str | None:
    # A question that fits into a title is its own title.
    home = opened.conversation
    first = home.message_count <= FIRST_MESSAGES and not home.temporary
    return opened.question.content if first and is_cut(home.title) else None


def _said(opened: Opened) -> Said:
    question = opened.question
    return Said(question.user_id, question.conversation_id, question.id, question.content)


def _interrupt(session: Session, runs: Mapping[str, str], *, crashed: bool) -> int:
    texts = conversation_rows.interrupt_running_any_owner(session, runs)
    stored = {run: prompt.estimate_tokens(texts.get(answer, "")) for run, answer in runs.items()}
    quotas.recover(session, stored, crashed=crashed)
    return len(texts)


def _ended_before(owner_id: str, submission: Submission, session: Session) -> str | None:
    return generations.ended_before(session, owner_id, submission, now())
