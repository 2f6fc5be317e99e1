"""The shipped fake says its script and nothing else; the guide's script tells what it is and what to do."""

import time

from app.providers.base import ChatCall, Finished, Model, PromptMessage, TextDelta, UsageReport
from app.providers.scripted import ScriptedProvider, guide

CALL = ChatCall("fake", (PromptMessage("user", "one two"),))


async def test_it_says_what_the_script_makes_of_the_call() -> None:
    fake = ScriptedProvider(
        "fake", "Fake", lambda call: f" {call.messages[-1].content}\n\nend ", pieces_per_second=None
    )
    events = [event async for event in fake.stream(CALL)]
    assert "".join(event.text for event in events if isinstance(event, TextDelta)) == " one two\n\nend "
    assert events[-2:] == [UsageReport(2, 3), Finished("stop")]


async def test_it_keeps_its_pace() -> None:
    fake = ScriptedProvider("fake", "Fake", lambda _call: "a b c d e", pieces_per_second=50)
    started = time.monotonic()
    assert len([event async for event in fake.stream(CALL)]) == 7
    assert 0.1 <= time.monotonic() - started < 1


async def test_the_guide_says_what_it_is_and_how_to_connect() -> None:
    provider = guide("http://maria:secret@127.0.0.1:1234/v1")
    assert await provider.models() == [Model("guide", "guide", "Guide (no AI)", loaded=True)]
    call = ChatCall("guide", (PromptMessage("user", "Who are you?"),))
    said = "".join([event.text async for event in provider.stream(call) if isinstance(event, TextDelta)])
    for part in ("## ", "not an AI", "1. ", "```sh\nlms server start\n```", "| --- |", "OMNIAI_LMSTUDIO_BASE_URL"):
        assert part in said
    assert "http://127.0.0.1:1234/v1" in said
    assert "secret" not in said
