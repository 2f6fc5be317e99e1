"""What every model server promises: the Provider protocol, its call, its events and the tree of what can go wrong.

Knows no vendor, no database and no person.

    ProviderError                  PROVIDER_ERROR        4xx and 5xx, HTML, garbage
    ├── SamplingRefused            PROVIDER_ERROR        the model cannot be told a temperature, or not so
    ├── ProviderUnreachable        PROVIDER_UNREACHABLE  refused, no route, no answer to connect
    │   └── ProviderHungUp                               connected, and closed without a word
    ├── ProviderBusy               PROVIDER_BUSY         429, 503, 529
    ├── ProviderTimedOut           PROVIDER_TIMEOUT      no first token, or a stall later
    ├── ProviderInterrupted        PROVIDER_INTERRUPTED  cut before an ending
    ├── ProviderContextTooLong     CONTEXT_TOO_LONG      the prompt does not fit the model's window
    └── ModelMissing               MODEL_NOT_FOUND       404, no such model, none loaded
"""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import msgspec

from app.core.errors import Code, OmniError

Role = Literal["system", "user", "assistant"]
ModelKind = Literal["chat", "embedding"]
Location = Literal["home", "remote"]
Vector = tuple[float, ...]


class ProviderError(OmniError):
    code = Code.PROVIDER_ERROR


class SamplingRefused(ProviderError):
    """The code stays that of a ProviderError."""


class ProviderUnreachable(ProviderError):
    code = Code.PROVIDER_UNREACHABLE


class ProviderHungUp(ProviderUnreachable):
    """It is there and took the question, so it is not counted as away."""


class ProviderBusy(ProviderError):
    code = Code.PROVIDER_BUSY


class ProviderTimedOut(ProviderError):
    code = Code.PROVIDER_TIMEOUT


class ProviderInterrupted(ProviderError):
    code = Code.PROVIDER_INTERRUPTED


class ProviderContextTooLong(ProviderError):
    code = Code.CONTEXT_TOO_LONG


class ModelMissing(ProviderError):
    code = Code.MODEL_NOT_FOUND


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a model can take and do, as far as its server says."""

    vision: bool = False
    tools: bool = False
    reasoning: bool = False


@dataclass(frozen=True, slots=True)
class Model:
    """One entry of a provider's catalogue.

    Attributes:
        id: The name that the server knows it by.
        provider: Id of the provider that lists it.
        label: For people.
        kind: Chat models answer; embedding models are listed and never chosen to answer.
        context_length: Tokens the model takes now (loaded window), else at most; None when the server does not say.
        loaded: Whether it is in memory; None when the server does not say.
        capabilities: What it can take and do.
        location: Whether it runs at home.
    """

    id: str
    provider: str
    label: str
    kind: ModelKind = "chat"
    context_length: int | None = None
    loaded: bool | None = None
    capabilities: Capabilities = Capabilities()
    location: Location = "home"


@dataclass(frozen=True, slots=True)
class PromptMessage:
    role: Role
    content: str


@dataclass(frozen=True, slots=True)
class ChatCall:
    """One question to a model. None leaves a parameter to the server's own default."""

    model: str
    messages: tuple[PromptMessage, ...]
    temperature: float | None = None
    top_p: float | None = None
    max_tokens: int | None = None


# One is made for every token: a struct in a fifth of a frozen dataclass's time.
class TextDelta(msgspec.Struct, frozen=True, gc=False):
    text: str


class ReasoningDelta(msgspec.Struct, frozen=True, gc=False):
    text: str


@dataclass(frozen=True, slots=True)
class UsageReport:
    """Token counts as the server reports them."""

    prompt_tokens: int
    completion_tokens: int


@dataclass(frozen=True, slots=True)
class Finished:
    """The regular end, once and last. `reason` is the server's `finish_reason`."""

    reason: str


ProviderEvent = TextDelta | ReasoningDelta | UsageReport | Finished


class Provider(Protocol):
    """A model server."""

    @property
    def id(self) -> str: ...

    @property
    def label(self) -> str: ...

    @property
    def location(self) -> Location: ...

    async def models(self) -> list[Model]:
        """Ask the server for its catalogue.

        Raises:
            ProviderError: or one of its kinds; within the connect deadline when the server is away.
        """
        ...

    def stream(self, call: ChatCall) -> AsyncGenerator[ProviderEvent]:
        """Answer a call, event by event; closing the generator closes the connection at once.

        Text that arrived in one read of the socket is one TextDelta.

        Raises:
            ProviderError: or one of its kinds, also in the middle of the answer.
        """
        ...

    async def embed(self, model: str, texts: Sequence[str]) -> list[Vector]:
        """Where texts stand among the meanings that an embedding model knows, each in its place.

        Raises:
            ModelMissing: The server has no such model, or none at all.
            ProviderError: or another of its kinds.
        """
        ...

    async def aclose(self) -> None:
        """Give back connections."""
        ...
