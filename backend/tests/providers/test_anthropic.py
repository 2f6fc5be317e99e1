"""Anthropic's Messages API: pages of models, what it insists on in a question, its events, and its ways to fail."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing, contextmanager
from dataclasses import replace

import pytest
from app.providers.anthropic import AnthropicProvider, EventsAnswer, PinglessLines, anthropic
from app.providers.base import (
    Capabilities,
    ChatCall,
    Finished,
    Model,
    ModelMissing,
    PromptMessage,
    ProviderBusy,
    ProviderContextTooLong,
    ProviderError,
    ProviderInterrupted,
    ProviderTimedOut,
    ReasoningDelta,
    SamplingRefused,
    TextDelta,
    UsageReport,
)
from app.providers.http import refusal
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from tests.peers.process import Peer, forget, log_of
from tests.peers.wire import Handler, Reply, Request, served
from tests.providers.conftest import FIRST, IDLE, KEY, call, heard, settings_of


@pytest.fixture
def double(anthropic_double: Peer) -> Peer:
    forget(anthropic_double)
    return anthropic_double


@pytest.fixture
async def provider(double: Peer) -> AsyncIterator[AnthropicProvider]:
    async with aclosing(anthropic(settings_of(double.url), SecretStr(f" {KEY}\n"))) as made:
        yield made


@contextmanager
def asked(double: Peer) -> Iterator[list[dict[str, object]]]:
    """The bodies of the questions asked in a block."""
    bodies: list[dict[str, object]] = []
    forget(double)
    yield bodies
    bodies += [entry["body"] for entry in log_of(double) if entry["path"] == "/v1/messages"]


def event(name: str, **content: object) -> bytes:
    return json.dumps({"type": name, **content}).encode()


def text(said: str) -> bytes:
    return event("content_block_delta", index=0, delta={"type": "text_delta", "text": said})


async def test_every_page_of_models_is_read(provider: AnthropicProvider, double: Peer) -> None:
    models = await provider.models()
    assert len(models) > 20
    assert sum(entry["path"].startswith("/v1/models?") for entry in log_of(double)) > 2
    assert models[:2] == [
        Model(
            "tiny-chat-1b",
            "anthropic",
            "Tiny Chat 1B",
            context_length=1_000_000,
            capabilities=Capabilities(tools=True),
            location="remote",
        ),
        Model(
            "tiny-think-1b",
            "anthropic",
            "Tiny Think 1B",
            context_length=1_000_000,
            capabilities=Capabilities(tools=True, reasoning=True),
            location="remote",
        ),
    ]
    assert models[2].capabilities.vision


async def test_a_list_that_tells_only_names_and_never_ends_is_left() -> None:
    pages = 0

    async def handle(request: Request, reply: Reply) -> None:
        nonlocal pages
        pages += 1
        assert request.path.endswith(f"&after_id=a%2F{pages - 1}" if pages > 1 else "?limit=1000")
        await reply.send_json(200, {"data": [{"id": f"m{pages}"}], "has_more": True, "last_id": f"a/{pages}"})

    async with served(handle) as url, aclosing(anthropic(settings_of(url), SecretStr("k"))) as provider:
        models = await provider.models()
    assert (pages, len(models)) == (10, 10)
    assert (models[0].label, models[0].context_length) == ("m1", 200_000)


async def test_a_question_is_put_as_the_api_wants_it(provider: AnthropicProvider, double: Peer) -> None:
    turns = (PromptMessage("system", "Be brief."), PromptMessage("user", "Say it."))
    with asked(double) as bodies:
        assert (await heard(provider, ChatCall("tiny-chat-1b", turns, temperature=1.7, top_p=0.5)))[1] is None
    assert bodies == [
        {
            "model": "tiny-chat-1b",
            "system": "Be brief.",
            "messages": [{"role": "user", "content": "Say it."}],
            "max_tokens": 8_192,
            "temperature": 1.0,
            "stream": True,
        }
    ]


async def test_how_long_an_answer_may_be_is_always_said_and_never_too_much(
    provider: AnthropicProvider, double: Peer
) -> None:
    await provider.models()
    with asked(double) as bodies:
        for most in (None, 7, 1_000_000):
            question = replace(call("tiny-chat-1b", top_p=0.5), max_tokens=most)
            assert (await heard(provider, question))[1] is None
    assert [body["max_tokens"] for body in bodies] == [16_384, 7, 64_000]
    assert [body.get("top_p") for body in bodies] == [0.5] * 3


async def test_a_model_that_takes_no_temperature_is_asked_without(provider: AnthropicProvider, double: Peer) -> None:
    with asked(double) as bodies:
        for _ in range(2):
            events, error = await heard(provider, call("pace-1-3", temperature=0.5))
            assert error is None
            assert "".join(event.text for event in events if isinstance(event, TextDelta)) == "tok0 tok1 tok2 "
    assert ["temperature" in body for body in bodies] == [True, False, False]


async def test_thoughts_are_not_asked_for_and_kept_apart(provider: AnthropicProvider, double: Peer) -> None:
    with asked(double) as bodies:
        events, error = await heard(provider, call("tiny-think-1b"))
    assert error is None
    assert "thinking" not in bodies[0]
    thoughts = "".join(event.text for event in events if isinstance(event, ReasoningDelta))
    assert thoughts == "The person wants an echo. I give it."


async def test_a_wrong_key_is_an_error_that_does_not_tell_it(double: Peer) -> None:
    async with aclosing(anthropic(settings_of(double.url), SecretStr("sk-canary-wrong"))) as stranger:
        _, error = await heard(stranger, call("tiny-chat-1b"))
        with pytest.raises(ProviderError) as caught:
            await stranger.models()
    for failure in (error, caught.value):
        assert type(failure) is ProviderError
        assert "sk-canary" not in f"{failure!r} {failure.detail} {failure.__context__!r}"


async def test_a_busy_server_says_when_to_come_back(provider: AnthropicProvider) -> None:
    _, error = await heard(provider, call("fault-529"))
    assert isinstance(error, ProviderBusy)
    assert error.retry_after == 7


async def test_an_end_is_told_by_its_reason_or_its_word(provider: AnthropicProvider) -> None:
    for model, figures in (("fault-nousage", 0), ("fault-nodone", 1)):
        events, error = await heard(provider, call(model))
        assert (error, events[-1]) == (None, Finished("stop"))
        assert sum(isinstance(event, UsageReport) for event in events) == figures
    with pytest.raises(ProviderInterrupted):
        EventsAnswer().end()


def pinging(*first: bytes) -> Handler:
    async def handle(_request: Request, reply: Reply) -> None:
        await reply.begin_stream()
        for payload in first:
            await reply.send_chunk(b"event: x\ndata: " + payload + b"\n\n")
        for _ in range(40):
            await reply.send_chunk(b'event: ping\ndata: {"type": "ping"}\n\n')
            await reply.wait(0.05)

    return handle


@pytest.mark.parametrize(("first", "within"), [([], FIRST), ([text("a")], IDLE)])
async def test_a_ping_is_no_progress(first: list[bytes], within: float) -> None:
    async with served(pinging(*first)) as url, aclosing(anthropic(settings_of(url), SecretStr("k"))) as provider:
        started = time.monotonic()
        events, error = await heard(provider, call("any"))
    assert type(error) is ProviderTimedOut
    assert len(events) == len(first)
    assert within <= time.monotonic() - started < within + 0.9


def test_the_figures_are_of_the_start_and_of_the_end() -> None:
    answer = EventsAnswer()
    usage = {"input_tokens": 3, "cache_read_input_tokens": 40, "cache_creation_input_tokens": 500, "output_tokens": 1}
    assert answer.read([event("message_start", message={"id": "m", "usage": usage}), text("a"), text("b")]) == [
        TextDelta("ab")
    ]
    answer.read([event("message_delta", delta={"stop_reason": "end_turn"}, usage={"output_tokens": 9})])
    answer.read([event("message_stop")])
    assert answer.end() == [UsageReport(543, 9), Finished("stop")]


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("end_turn", "stop"),
        ("stop_sequence", "stop"),
        ("max_tokens", "length"),
        ("model_context_window_exceeded", "length"),
        ("tool_use", "tool_calls"),
        ("refusal", "content_filter"),
        ("a_new_one", "a_new_one"),
    ],
)
def test_reasons_are_put_in_the_words_of_the_other_dialects(said: str, reason: str) -> None:
    answer = EventsAnswer()
    answer.read([event("message_delta", delta={"stop_reason": said}), event("message_stop")])
    assert answer.end() == [Finished(reason)]


@pytest.mark.parametrize(
    ("kind", "said", "error"),
    [
        ("overloaded_error", "Overloaded", ProviderBusy),
        ("rate_limit_error", "Slow down", ProviderBusy),
        ("timeout_error", "Took too long", ProviderTimedOut),
        ("not_found_error", "model: x", ModelMissing),
        ("invalid_request_error", "prompt is too long: 205000 tokens > 200000 maximum", ProviderContextTooLong),
        ("api_error", "Internal server error", ProviderError),
    ],
)
def test_an_error_after_the_head_has_its_kind_and_keeps_the_prefix(
    kind: str, said: str, error: type[ProviderError]
) -> None:
    answer = EventsAnswer()
    failing = event("error", error={"type": kind, "message": said})
    assert answer.read([text("so far"), failing]) == [TextDelta("so far")]
    with pytest.raises(ProviderError) as caught:
        answer.end()
    assert type(caught.value) is error


@pytest.mark.parametrize(
    ("status", "said", "kind"),
    [
        (400, "prompt is too long: 205000 tokens > 200000 maximum", ProviderContextTooLong),
        (400, "input length and `max_tokens` exceed context limit: 190000 + 21333 > 200000", ProviderContextTooLong),
        (400, "`temperature` is deprecated for this model.", SamplingRefused),
        (400, "`temperature` and `top_p` cannot both be specified for this model.", SamplingRefused),
        (400, "messages: at least one message is required", ProviderError),
        (401, "`temperature` is deprecated for this model.", ProviderError),
        (529, "Overloaded", ProviderBusy),
    ],
)
def test_refusals_are_known_by_their_words(status: int, said: str, kind: type[ProviderError]) -> None:
    assert type(refusal(status, json.dumps({"error": {"message": said}}))) is kind


@pytest.mark.parametrize(
    "payload",
    [b"{", b"[DONE]", b'{"type": 5}', b'{"type": "error", "error": 5}', text("\ud800"), b"[" * 100_000],
)
def test_garbage_is_a_provider_error(payload: bytes) -> None:
    with pytest.raises(ProviderError) as caught:
        EventsAnswer().read([payload])
    assert type(caught.value) is ProviderError


@given(st.lists(st.binary(max_size=200), max_size=8))
def test_noise_is_a_provider_error_and_nothing_else(reads: list[bytes]) -> None:
    framing, answer = PinglessLines(), EventsAnswer()
    try:
        for data in reads:
            answer.read(framing.feed(data))
        answer.end()
    except ProviderError:
        pass


async def test_leaving_closes_the_connection(provider: AnthropicProvider, double: Peer) -> None:
    events = provider.stream(call("pace-5-2000"))
    assert await anext(events)
    await events.aclose()
    async with asyncio.timeout(2):
        while not log_of(double)[-1]["aborted"]:
            await asyncio.sleep(0.01)
