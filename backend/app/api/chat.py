"""The door of chatting: ask, retry, re-attach, stop, and what is under way."""

from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Header, Query
from pydantic import ConfigDict, Field, RootModel, field_validator

from app.api.deps import Caller, Calling, CurrentUser, Paging, Tx, Wired
from app.api.doors import DoorRoute, door
from app.api.event_stream import EventStream
from app.api.schemas import Page, WireIn, WireOut, errors, page
from app.auth.principal import Principal
from app.core.errors import InvalidFields
from app.domain.conversations.errors import (
    AnswerFollowed,
    AnswerRunning,
    BranchesFull,
    ConversationFull,
    ConversationMissing,
    MessageMissing,
    NothingToAnswer,
)
from app.domain.generations import service as generations
from app.domain.generations.errors import (
    AlreadySubmitted,
    GenerationMissing,
    OtherSubmission,
    StreamGone,
    TooManyStreams,
)
from app.domain.generations.rules import Submission
from app.domain.quotas.errors import QuotaExceeded
from app.providers.base import ModelMissing, ProviderUnreachable
from app.providers.registry import ProviderMissing
from app.services.chat import events
from app.services.chat.placing import ABSENT, Continuation, Question, Retry, Sampling
from app.services.chat.prompt import ContextTooLong
from app.services.chat.service import Draining
from app.services.generation.bus import Subscription
from app.services.model_selection import NoModelsAvailable

router = APIRouter(prefix="/chat", tags=["chat"], route_class=DoorRoute)

Name = Annotated[str, Field(min_length=1, max_length=200)]
Key = Annotated[str | None, Header(min_length=1, max_length=255, pattern=r"^[\x21-\x7e]+$")]


class MessageIn(WireIn):
    role: Literal["user"] = "user"
    content: str
    attachments: list[str] = Field([], max_length=0)

    @field_validator("content")
    @classmethod
    def _not_blank(cls, value: str) -> str:
        if not value.strip():
            raise ValueError("must not be blank")
        return value


class Parameters(WireIn):
    """What both ways of asking may say about the answer."""

    provider: Name | None = None
    model: Name | None = None
    temperature: float | None = Field(None, ge=0, le=2)
    top_p: float | None = Field(None, gt=0, le=1)
    max_tokens: int | None = Field(None, ge=1, le=1_000_000)
    system: str | None = Field(None, max_length=100_000)
    use_memory: bool | None = None
    tools: list[str] = Field([], max_length=0)

    def sampling(self, user: Principal) -> Sampling:
        """The part that the model is told; memory only for those who want it."""
        remembered = user.remembered and self.use_memory is not False
        return Sampling(self.temperature, self.top_p, self.max_tokens, self.system, remembered)


class ChatIn(Parameters):
    conversation_id: str | None = None
    message: MessageIn
    parent_id: str | None = None
    require_conversation: bool = False
    temporary: bool = False


class RetryIn(Parameters):
    conversation_id: str
    message_id: str | None = None


class ContinueIn(Parameters):
    conversation_id: str
    message_id: str | None = None


class Stopped(WireOut):
    generation_id: str
    status: Literal["complete", "stopped", "interrupted", "error"]


class ActiveGeneration(WireOut):
    generation_id: str = Field(validation_alias="id")
    conversation_id: str
    assistant_message_id: str = Field(validation_alias="message_id")
    status: Literal["queued", "streaming"]
    started_at: datetime

    model_config = ConfigDict(from_attributes=True, populate_by_name=True)


class ChatEvent(RootModel[events.ChatEvent]):
    """The `data` of one event; its name tells which of these it is."""


EVENT_STREAM: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "Server-Sent Events; the `data` of each is a ChatEvent", "model": ChatEvent},
}
NOT_THERE = (NothingToAnswer, ConversationMissing, MessageMissing, AnswerRunning)
FULL = (ConversationFull, BranchesFull)
REPEATED = (AlreadySubmitted, OtherSubmission, StreamGone)
NOBODY_ANSWERS = (
    QuotaExceeded,
    TooManyStreams,
    ProviderMissing,
    ModelMissing,
    ProviderUnreachable,
    NoModelsAvailable,
    Draining,
)


def submission_of(verb: str, key: str | None, body: Parameters) -> Submission | None:
    """What the sender may repeat: the same fields with the same values, however they were written down."""
    if key is None:
        return None
    said = f"{verb}\n{body.model_dump_json(exclude_unset=True)}"
    return Submission(key, sha256(said.encode()).hexdigest())


def _stream(answer: Subscription, caller: Caller) -> EventStream:
    return EventStream(answer, caller.wired.settings.chat.ping_seconds, caller.user, caller.wired.watch)


@router.post(
    "/stream",
    operation_id="ask",
    response_class=EventStream,
    status_code=200,
    responses={
        **EVENT_STREAM,
        **errors(*NOT_THERE[1:], *FULL, ContextTooLong, *REPEATED, *NOBODY_ANSWERS),
    },
)
@door("user", whose="by id", limit="chat", size=None)
async def ask(body: ChatIn, caller: Calling, idempotency_key: Key = None) -> EventStream:
    """Ask a question and read the answer as it comes."""
    limit = caller.wired.settings.chat.max_message_chars
    if len(body.message.content) > limit:
        raise InvalidFields({"message.content": f"must have at most {limit} characters"})
    sampling = body.sampling(caller.user)
    question = Question(
        content=body.message.content,
        conversation_id=body.conversation_id,
        parent_id=body.parent_id if "parent_id" in body.model_fields_set else ABSENT,
        provider=body.provider,
        model=body.model,
        sampling=replace(sampling, use_memory=False) if body.temporary else sampling,
        require_conversation=body.require_conversation,
        temporary=body.temporary,
    )
    submission = submission_of("ask", idempotency_key, body)
    answer = await caller.wired.chat.ask(caller.user.user_id, question, caller.request_id, submission)
    return _stream(answer, caller)


@router.post(
    "/retry",
    operation_id="retry",
    response_class=EventStream,
    status_code=200,
    responses={
        **EVENT_STREAM,
        **errors(*NOT_THERE, *FULL, ContextTooLong, *REPEATED, *NOBODY_ANSWERS),
    },
)
@door("user", whose="by id", limit="chat", size=None)
async def retry(body: RetryIn, caller: Calling, idempotency_key: Key = None) -> EventStream:
    """Answer a question once more, as a sibling of the earlier answer."""
    wish = Retry(body.conversation_id, body.message_id, body.provider, body.model, body.sampling(caller.user))
    submission = submission_of("retry", idempotency_key, body)
    return _stream(await caller.wired.chat.retry(caller.user.user_id, wish, caller.request_id, submission), caller)


@router.post(
    "/continue",
    operation_id="continue_answer",
    response_class=EventStream,
    status_code=200,
    responses={
        **EVENT_STREAM,
        **errors(*NOT_THERE, AnswerFollowed, ContextTooLong, *REPEATED, *NOBODY_ANSWERS),
    },
)
@door("user", whose="by id", limit="chat", size=None)
async def continue_answer(body: ContinueIn, caller: Calling, idempotency_key: Key = None) -> EventStream:
    """Let an answer go on where it ended; the stream begins with the text that was there."""
    wish = Continuation(body.conversation_id, body.message_id, body.provider, body.model, body.sampling(caller.user))
    submission = submission_of("continue", idempotency_key, body)
    return _stream(await caller.wired.chat.go_on(caller.user.user_id, wish, caller.request_id, submission), caller)


@router.get(
    "/stream/{generation_id}",
    operation_id="attach",
    response_class=EventStream,
    status_code=200,
    responses={**EVENT_STREAM, **errors(GenerationMissing, StreamGone)},
)
@door("user", whose="by id", limit="read")
async def attach(
    generation_id: str,
    caller: Calling,
    last_event_id: Annotated[str | None, Header(max_length=32)] = None,
    after: Annotated[str | None, Query(max_length=32)] = None,
) -> EventStream:
    """Read a running or just ended answer from behind `Last-Event-ID`; the header wins over the query."""
    name, text = ("last-event-id", last_event_id) if last_event_id is not None else ("after", after or "0")
    if not text.isascii() or not text.isdigit():
        raise InvalidFields({name: "must be the number of an event"})
    return _stream(await caller.wired.chat.attach(caller.user.user_id, generation_id, int(text)), caller)


@router.post("/cancel/{generation_id}", operation_id="cancel", responses=errors(GenerationMissing))
@door("user", whose="by id", limit="write")
async def cancel(generation_id: str, user: CurrentUser, wired: Wired) -> Stopped:
    """Stop an answer; what has arrived of it is kept."""
    status = await wired.chat.cancel(user.user_id, generation_id)
    return Stopped.model_validate({"generation_id": generation_id, "status": status})


@router.get("/active", operation_id="list_active")
@door("user", whose="caller", limit="read")
async def list_active(user: CurrentUser, tx: Tx, paging: Paging) -> Page[ActiveGeneration]:
    """The caller's answers under way."""
    rows = await tx.read(lambda session: generations.list_active(session, user.user_id, paging))
    return page(rows, ActiveGeneration.model_validate)
