"""ChatEvent: everything a stream can say, sent as SSE and typed in the browser from the OpenAPI document."""

from dataclasses import dataclass
from typing import Final, Literal

import msgspec

PROTOCOL: Final = 1
EndState = Literal["complete", "stopped", "interrupted", "error"]

_encode: Final = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class SelectionNote:
    """Why this model answers; `fallback_from` is the wish that was skipped, as `provider/model`."""

    source: str
    fallback_from: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class MemoryNote:
    used: int
    ids: list[str]


@dataclass(frozen=True, slots=True)
class ContextNote:
    """Estimated tokens of the prompt, and how many older messages did not fit."""

    tokens: int
    dropped: int


@dataclass(frozen=True, slots=True)
class TokenUsage:
    prompt_tokens: int
    completion_tokens: int
    total_tokens: int
    estimated: bool


@dataclass(frozen=True, slots=True)
class MetaEvent:
    protocol: int
    request_id: str
    generation_id: str
    conversation_id: str
    conversation_created: bool
    title: str
    user_message_id: str
    assistant_message_id: str
    parent_id: str | None
    provider: str
    model: str
    selection: SelectionNote
    memory: MemoryNote
    context: ContextNote


@dataclass(frozen=True, slots=True)
class DeltaEvent:
    text: str


@dataclass(frozen=True, slots=True)
class ReasoningEvent:
    text: str


@dataclass(frozen=True, slots=True)
class QueueEvent:
    """Where the question stands in its model server's queue; the position begins at 1."""

    position: int
    ahead: int
    estimate_seconds: int


@dataclass(frozen=True, slots=True)
class UsageEvent(TokenUsage):
    pass


@dataclass(frozen=True, slots=True)
class ErrorEvent:
    code: str
    message: str
    retryable: bool
    request_id: str
    retry_after: int | None = None


@dataclass(frozen=True, slots=True)
class DoneEvent:
    status: EndState
    message_id: str
    finish_reason: str | None
    usage: TokenUsage | None
    ttft_ms: int | None
    elapsed_ms: int


ChatEvent = MetaEvent | DeltaEvent | ReasoningEvent | QueueEvent | UsageEvent | ErrorEvent | DoneEvent

NAMES: Final[dict[type[ChatEvent], str]] = {
    MetaEvent: "meta",
    DeltaEvent: "delta",
    ReasoningEvent: "reasoning",
    QueueEvent: "queue",
    UsageEvent: "usage",
    ErrorEvent: "error",
    DoneEvent: "done",
}


def encode(event: ChatEvent) -> tuple[str, bytes]:
    """An event's name and its data as one line of JSON."""
    name = NAMES[type(event)]
    if isinstance(event, ErrorEvent) and event.retry_after is None:
        fields = {"code": event.code, "message": event.message, "retryable": event.retryable}
        return name, _encode({**fields, "request_id": event.request_id})
    return name, _encode(event)
