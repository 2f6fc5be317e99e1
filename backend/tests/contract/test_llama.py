"""What only a real engine can show: reasoning that its own template separates, and its own words for a full window."""

from collections.abc import Iterator
from contextlib import aclosing

import pytest
from app.providers.base import (
    ChatCall,
    PromptMessage,
    ProviderContextTooLong,
    ReasoningDelta,
    TextDelta,
)

from tests.contract.conftest import adapter
from tests.peers import process

pytestmark = pytest.mark.llm


@pytest.fixture(scope="module")
def thinker() -> Iterator[process.Peer]:
    """llama.cpp with a model that thinks first."""
    if not process.has_llama():
        pytest.skip(process.NO_LLAMA)
    with process.running("tests.peers.llama", "--model", "think") as peer:
        yield peer


@pytest.mark.parametrize("vendor", ["lmstudio", "anthropic"])
async def test_thoughts_come_before_the_answer(thinker: process.Peer, vendor: str) -> None:
    call = ChatCall("tiny-think", (PromptMessage("user", "What is it?"),), temperature=0)
    async with aclosing(adapter(vendor, thinker)) as provider:
        events = [event async for event in provider.stream(call)]
    kinds = [type(event) for event in events]
    assert kinds.index(ReasoningDelta) < kinds.index(TextDelta)
    assert "".join(event.text for event in events if isinstance(event, ReasoningDelta)) == "Let me reason."
    assert "".join(event.text for event in events if isinstance(event, TextDelta)) == "The answer is 42."


@pytest.mark.parametrize("vendor", ["lmstudio", "anthropic"])
async def test_a_question_that_does_not_fit_is_too_long(thinker: process.Peer, vendor: str) -> None:
    call = ChatCall("tiny-think", (PromptMessage("user", "ü" * 8_000),))
    async with aclosing(adapter(vendor, thinker)) as provider:
        with pytest.raises(ProviderContextTooLong):
            await anext(provider.stream(call))
