"""One suite for every provider: on the vendors' doubles, on a real llama.cpp server, and on the shipped fake."""

import asyncio

import pytest
from app.config.settings import SelectionSettings
from app.providers.base import (
    ChatCall,
    Finished,
    ModelMissing,
    PromptMessage,
    ProviderEvent,
    TextDelta,
    UsageReport,
)
from app.providers.registry import ProviderRegistry
from app.services.model_selection import ModelSelector, Wish

from tests.contract.conftest import Subject, wait_until

MESSAGES = (PromptMessage("system", "Be brief."), PromptMessage("user", "Say it."))


async def answer(subject: Subject, call: ChatCall) -> list[ProviderEvent]:
    return [event async for event in subject.provider.stream(call)]


def text_of(events: list[ProviderEvent]) -> str:
    return "".join(event.text for event in events if isinstance(event, TextDelta))


async def test_lists_its_models(subject: Subject) -> None:
    models = await subject.provider.models()
    found = next(model for model in models if model.id == subject.model)
    assert (found.provider, found.kind, found.location) == (subject.provider.id, "chat", subject.provider.location)
    assert found.label
    assert len({model.id for model in models}) == len(models)


async def test_streams_text_and_ends_once_with_its_figures(subject: Subject) -> None:
    events = await answer(subject, ChatCall(subject.model, MESSAGES, temperature=0))
    assert subject.says in text_of(events)
    assert all(event.text for event in events if isinstance(event, TextDelta))
    assert events[-1] == Finished("stop")
    assert sum(isinstance(event, Finished) for event in events) == 1
    assert isinstance(events[-2], UsageReport)
    assert events[-2].prompt_tokens > 0
    assert events[-2].completion_tokens > 0


async def test_text_comes_while_it_is_made(subject: Subject) -> None:
    call = ChatCall(subject.endless, MESSAGES, temperature=0, max_tokens=200)
    events = [event async for event in subject.slow.stream(call)]
    assert sum(isinstance(event, TextDelta) for event in events) > 1
    assert events[-1] == Finished("length")


async def test_an_answer_can_be_limited(subject: Subject) -> None:
    events = await answer(subject, ChatCall(subject.model, MESSAGES, temperature=0, max_tokens=3))
    assert events[-1] == Finished("length")
    assert isinstance(events[-2], UsageReport)
    assert events[-2].completion_tokens == 3
    assert 0 < len(text_of(events).split()) <= 3


async def test_an_unknown_model_is_missing(subject: Subject) -> None:
    if subject.knows_names:
        with pytest.raises(ModelMissing):
            await answer(subject, ChatCall("no-such-model", MESSAGES))
        return
    # llama.cpp answers every name with the one model it has, so that the catalogue must know.
    assert text_of(await answer(subject, ChatCall("no-such-model", MESSAGES, temperature=0)))


async def test_the_catalogue_refuses_an_unknown_model_before_any_call(subject: Subject) -> None:
    registry = ProviderRegistry({subject.provider.id: lambda: subject.provider})
    selector = ModelSelector(registry, SelectionSettings.model_validate({}))
    with pytest.raises(ModelMissing):
        await selector.choose([Wish("explicit", subject.provider.id, "no-such-model")])
    choice = await selector.choose([Wish("explicit", subject.provider.id, subject.model)])
    assert choice.model.id == subject.model


async def test_a_model_that_is_not_in_memory_answers_too(subject: Subject) -> None:
    asleep = [model for model in await subject.provider.models() if model.loaded is False and model.kind == "chat"]
    for model in asleep[:1]:
        events = await answer(subject, ChatCall(model.id, MESSAGES, temperature=0, max_tokens=40))
        assert text_of(events)
        listed = await subject.provider.models()
        assert next(entry for entry in listed if entry.id == model.id).loaded


async def test_closing_stops_the_server(subject: Subject) -> None:
    stream = subject.slow.stream(ChatCall(subject.endless, MESSAGES, temperature=0))
    for _ in range(3):
        assert isinstance(await anext(stream), TextDelta)
    await stream.aclose()
    await asyncio.to_thread(wait_until, subject.is_idle)


async def test_cancelling_stops_the_server(subject: Subject) -> None:
    begun = asyncio.Event()

    async def read() -> None:
        async for _ in subject.slow.stream(ChatCall(subject.endless, MESSAGES, temperature=0)):
            begun.set()

    task = asyncio.create_task(read())
    async with asyncio.timeout(5):
        await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await asyncio.to_thread(wait_until, subject.is_idle)


async def test_answers_side_by_side_do_not_mix(subject: Subject) -> None:
    calls = [ChatCall(subject.model, MESSAGES, temperature=0) for _ in range(4)]
    answers = await asyncio.gather(*(answer(subject, call) for call in calls))
    assert len({text_of(events) for events in answers}) == 1
