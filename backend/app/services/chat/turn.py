"""One answer: pass a call to a model server and hand every event to the recorder."""

from contextlib import aclosing

from app.providers.base import (
    ChatCall,
    Finished,
    Provider,
    ProviderUnreachable,
    ReasoningDelta,
    TextDelta,
    UsageReport,
)
from app.providers.registry import ProviderRegistry
from app.services.chat.recorder import Draft, Recorder


async def run_turn(
    recorder: Recorder, draft: Draft, registry: ProviderRegistry, provider: Provider, call: ChatCall
) -> None:
    """Run one answer to its end; leaving early closes the connection to the model server at once.

    Raises:
        ProviderError: What the model server did wrong.
    """
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
    except ProviderUnreachable as error:
        registry.note_failure(provider.id, error)
        raise
