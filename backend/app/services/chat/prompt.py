"""Pure: a system text, the history and a question, cut to the model's window."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from app.core.errors import Code, OmniError
from app.providers.base import PromptMessage

BYTES_PER_TOKEN: Final = 4
"""Rule of thumb for the byte-pair tokenisers of current models; corrected by the server's own count afterwards."""
TOKENS_PER_MESSAGE: Final = 4
MAX_ANSWER_RESERVE: Final = 1024


class ContextTooLong(OmniError):
    code = Code.CONTEXT_TOO_LONG


@dataclass(frozen=True, slots=True)
class Prompt:
    """What is sent to the model.

    Attributes:
        messages: System text first, then the newest history that fits, then the question.
        tokens: Estimated tokens of all that.
        dropped: Older messages that did not fit.
    """

    messages: tuple[PromptMessage, ...]
    tokens: int
    dropped: int


def estimate_tokens(text: str) -> int:
    """Tokens of a text, estimated from its UTF-8 length."""
    return -(-len(text.encode()) // BYTES_PER_TOKEN)


def build(
    *, system: str | None, history: Sequence[PromptMessage], question: str, window: int | None, max_tokens: int | None
) -> Prompt:
    """Assemble a prompt.

    Args:
        system: Instructions, kept whatever happens.
        history: Earlier messages, oldest first.
        question: The new message, kept whatever happens.
        window: The model's context in tokens; None when unknown, then nothing is cut.
        max_tokens: What the answer may take, if said.

    Raises:
        ContextTooLong: System text and question alone do not fit.
    """
    head = [PromptMessage("system", system)] if system else []
    tail = [PromptMessage("user", question)]
    room = None if window is None else window - min(max_tokens or MAX_ANSWER_RESERVE, window // 4)
    tokens = _cost(head) + _cost(tail)
    if room is not None and tokens > room:
        raise ContextTooLong
    turns = [message for message in history if message.content]
    kept: list[PromptMessage] = []
    for message in reversed(turns):
        cost = _cost([message])
        if room is not None and tokens + cost > room:
            break
        kept.append(message)
        tokens += cost
    messages = _alternating([*reversed(kept), *tail])
    return Prompt((*head, *messages), tokens, len(turns) - len(kept))


def _cost(messages: Iterable[PromptMessage]) -> int:
    return sum(estimate_tokens(message.content) + TOKENS_PER_MESSAGE for message in messages)


def _alternating(messages: Iterable[PromptMessage]) -> list[PromptMessage]:
    # Many chat templates refuse two turns of one role in a row, which an unanswered question leaves behind.
    merged: list[PromptMessage] = []
    for message in messages:
        if merged and merged[-1].role == message.role:
            merged[-1] = PromptMessage(message.role, f"{merged[-1].content}\n\n{message.content}")
        else:
            merged.append(message)
    return merged if merged[0].role == "user" else merged[1:]
