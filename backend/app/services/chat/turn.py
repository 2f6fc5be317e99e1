"""One answer: wait for a seat, pass the call to a model server, hand every event to the recorder.

Falls back once, to the next candidate, while nothing of the answer has been announced.
"""

import asyncio
from contextlib import aclosing
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from app.observability.metrics import Metrics
from app.providers.base import (
    ChatCall,
    Finished,
    ProviderError,
    ReasoningDelta,
    TextDelta,
    UsageReport,
)
from app.providers.registry import ProviderRegistry
from app.services.chat.recorder import Draft, Recorder
from app.services.model_selection import Choice
from app.services.seats import Seats

ANNOUNCE_SECONDS: Final = 0.5
"""So long `meta`, in which a fall back must be said, is waited with at most; being refused takes milliseconds."""


@dataclass(frozen=True, slots=True)
class Stage:
    """What turns are played on."""

    recorder: Recorder
    registry: ProviderRegistry
    seats: Seats
    metrics: Metrics


async def run_turn(stage: Stage, draft: Draft, choice: Choice, call: ChatCall) -> None:
    """Run one answer to its end; leaving early closes the connection to the model server at once.

    Args:
        stage: What it is played on.
        draft: The answer.
        choice: Who answers, and who may in its place.
        call: The question as the model gets it.

    Raises:
        ProviderError: What the model server did wrong.
    """
    announcing = asyncio.get_running_loop().call_later(ANNOUNCE_SECONDS, stage.recorder.announce, draft)
    try:
        await _answer(stage, draft, choice, call)
    except ProviderError as error:
        announcing.cancel()
        other = None if draft.announced else choice.instead(error, draft.prompt_tokens)
        if other is None:
            raise
        await stage.recorder.move(draft, other)
        stage.recorder.announce(draft)
        await _answer(stage, draft, other, replace(call, model=other.model.id))
    finally:
        announcing.cancel()


async def _answer(stage: Stage, draft: Draft, choice: Choice, call: ChatCall) -> None:
    recorder, provider = stage.recorder, stage.registry.get(choice.model.provider)
    async with stage.seats.seat(provider.id, draft.owner_id, partial(recorder.queue, draft)):
        recorder.start(draft)
        try:
            async with aclosing(provider.stream(call)) as events:
                async for event in events:
                    match event:
                        case TextDelta(text):
                            recorder.add_text(draft, text)
                        case ReasoningDelta(text):
                            recorder.add_reasoning(draft, text)
                        case UsageReport():
                            draft.usage = event
                        case Finished(reason):
                            draft.finish_reason = reason
        except ProviderError as error:
            stage.registry.note_failure(provider.id, error)
            raise
        stage.registry.note_success(provider.id)
