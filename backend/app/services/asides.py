"""Asks a model something beside the conversation, which may fail without consequence."""

import asyncio
from contextlib import aclosing
from typing import Final

from app.providers.base import ChatCall, PromptMessage, Provider, ProviderError, TextDelta

SECONDS: Final = 15.0


async def aside(provider: Provider, model: str, text: str, *, temperature: float, max_tokens: int) -> str | None:
    """What a model says to a text; None when it said nothing whole in time.

    Args:
        provider: Its server.
        model: The model.
        text: What it is told.
        temperature: How freely it may answer.
        max_tokens: How long.
    """
    call = ChatCall(model, (PromptMessage("user", text),), temperature=temperature, max_tokens=max_tokens)
    try:
        async with asyncio.timeout(SECONDS), aclosing(provider.stream(call)) as events:
            return "".join([event.text async for event in events if isinstance(event, TextDelta)])
    except (TimeoutError, ProviderError):
        return None
