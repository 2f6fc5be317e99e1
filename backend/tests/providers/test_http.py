"""The upstream client on its own: lines however they are split, caps, deadlines, and what it must not do."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from contextlib import aclosing

import msgspec
import pytest
from app.providers.base import (
    Finished,
    ProviderBusy,
    ProviderError,
    ProviderEvent,
    ProviderInterrupted,
    ProviderTimedOut,
    ReasoningDelta,
    TextDelta,
    UsageReport,
)
from app.providers.http import MAX_ANSWER_BYTES, MAX_JSON_BYTES, MAX_LINE_BYTES, Deadlines, SseLines, Upstream, bearer
from app.providers.openai_compat import ChunkedAnswer
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from tests.peers.wire import Handler, Reply, Request, served

DEADLINES = Deadlines(connect=0.5, first_token=0.4, idle=0.3)


class Listed(msgspec.Struct):
    data: list[str]


def chunk(content: str, finish_reason: str | None = None) -> bytes:
    document = {"choices": [{"delta": {"content": content}, "finish_reason": finish_reason}]}
    return b"data: " + json.dumps(document, ensure_ascii=False).encode() + b"\n\n"


def transcript(newline: bytes) -> bytes:
    answer = chunk("Grüße, ") + b": ping\n\n" + b"event: x\nid: 1\n" + chunk("日本 😀") + chunk(".", "stop")
    return (answer + b"data:[DONE]\n\n").replace(b"\n", newline)


async def read(handler: Handler, answer: ChunkedAnswer | None = None) -> list[list[bytes]]:
    """The batches of one answer; with an `answer`, its start is told to the patience."""
    async with served(handler) as url, aclosing(Upstream(url, (), DEADLINES)) as upstream:
        patience, batches = upstream.patience(), []
        async with aclosing(upstream.events("/", {}, patience)) as events:
            async for payloads in events:
                batches.append(payloads)
                if answer is not None:
                    answer.read(payloads)
                    patience.start()
        return batches


def sending(*parts: bytes, pause: float = 0.0, kind: str = "text/event-stream") -> Handler:
    async def handle(_request: Request, reply: Reply) -> None:
        await reply.begin_stream(kind)
        for part in parts:
            await reply.send_chunk(part)
            await reply.wait(pause)
        await reply.end_stream()

    return handle


def text_of(events: list[ProviderEvent]) -> str:
    return "".join(event.text for event in events if isinstance(event, TextDelta))


@pytest.mark.parametrize("newline", [b"\n", b"\r\n"])
def test_a_split_at_any_byte_changes_nothing(newline: bytes) -> None:
    whole = transcript(newline)
    expected = SseLines().feed(whole)
    assert len(expected) == 4
    for place in range(len(whole) + 1):
        lines, answer = SseLines(), ChunkedAnswer()
        batches = [lines.feed(whole[:place]), lines.feed(whole[place:])]
        assert [payload for batch in batches for payload in batch] == expected
        events = [event for batch in batches for event in answer.read(batch)]
        assert text_of(events) == "Grüße, 日本 😀."
        assert answer.done
        assert answer.reason == "stop"
    drip = SseLines()
    assert [payload for byte in whole for payload in drip.feed(bytes([byte]))] == expected


@given(st.lists(st.binary(max_size=200), max_size=8))
def test_garbage_is_a_provider_error_and_nothing_else(reads: list[bytes]) -> None:
    lines, answer = SseLines(), ChunkedAnswer()
    try:
        for data in reads:
            answer.read(lines.feed(data))
        answer.end()
    except ProviderError:
        pass


KEYS = ["choices", "delta", "content", "reasoning", "reasoning_content", "finish_reason", "usage", "error", "index"]
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=5), inner),
    max_leaves=20,
)


@given(st.lists(json_values, max_size=5))
def test_any_json_is_events_or_a_provider_error(documents: list[object]) -> None:
    lines, answer = SseLines(), ChunkedAnswer()
    body = b"".join(b"data: " + json.dumps(document).encode() + b"\n" for document in documents)
    try:
        events = [*answer.read(lines.feed(body)), *answer.held(), *answer.end()]
    except ProviderError:
        return
    text_of(events).encode()


def test_an_answer_ends_by_its_reason_or_by_its_word() -> None:
    cut, reasoned, said = ChunkedAnswer(), ChunkedAnswer(), ChunkedAnswer()
    cut.read([b'{"choices": [{"delta": {"content": "a"}}]}'])
    with pytest.raises(ProviderInterrupted):
        cut.end()
    reasoned.read([b'{"choices": [{"delta": {}, "finish_reason": "length"}]}', b'{"usage": {"prompt_tokens": 3}}'])
    assert reasoned.end() == [UsageReport(3, 0), Finished("length")]
    said.read([b"[DONE]", b'{"choices": [{"delta": {"content": "after the end"}}]}'])
    assert said.end() == [Finished("stop")]


@pytest.mark.parametrize(
    "payload",
    [
        '{"choices": [{"delta": {"content": "\\ud800"}}]}',
        '{"choices": [{"delta": {"content": "\\ud800\\u0041 more text after it"}}]}',
        '{"usage": {"prompt_tokens": -1}}',
        '{"usage": {"prompt_tokens": 99999999999999999999}}',
        '{"choices": [{"delta": {"content": 5}}]}',
        '{"choices": {}}',
        "[" * 100_000,
        '{"x":' * 100_000,
        "",
    ],
)
def test_hostile_json_is_a_provider_error(payload: str) -> None:
    with pytest.raises(ProviderError):
        ChunkedAnswer().read([payload.encode()])


@pytest.mark.parametrize(
    ("text", "thoughts", "answer"),
    [
        ("<think>a b</think>\n\nc", "a b", "c"),
        (" \n<think>\na</think>c", "a", "c"),
        ("<think>a</b </think>c</think>", "a</b ", "c</think>"),
        ("x <think>a</think>", "", "x <think>a</think>"),
        ("<think>a</thi", "a</thi", ""),
        ("<thin", "", "<thin"),
        ("  ", "", "  "),
    ],
)
def test_inline_thoughts_do_not_depend_on_the_split(text: str, thoughts: str, answer: str) -> None:
    splits = [[text[:place], text[place:]] for place in range(len(text))]
    for pieces in (*splits, list(text)):
        assert told(pieces) == (thoughts, answer), pieces


def told(pieces: list[str]) -> tuple[str, str]:
    """Reasoning and text of an answer in these pieces."""
    reading = ChunkedAnswer()
    events = reading.read(json.dumps({"choices": [{"delta": {"content": piece}}]}).encode() for piece in pieces)
    events += reading.held()
    return "".join(event.text for event in events if isinstance(event, ReasoningDelta)), text_of(events)


async def test_comments_do_not_delay_the_first_deadline() -> None:
    started = time.monotonic()
    with pytest.raises(ProviderTimedOut):
        await read(sending(*[b": ping\n\n"] * 40, pause=0.05))
    assert time.monotonic() - started < DEADLINES.first_token + 1


async def test_comments_are_no_answer_later_either() -> None:
    started = time.monotonic()
    with pytest.raises(ProviderTimedOut):
        await read(sending(chunk("a"), *[b": ping\n\n"] * 40, pause=0.05), ChunkedAnswer())
    assert time.monotonic() - started < DEADLINES.idle + 1


async def test_a_drip_of_bytes_is_progress() -> None:
    slow = [bytes([byte]) for byte in chunk("b")[:12]]
    batches = await read(sending(chunk("a"), *slow, chunk("b")[12:], pause=0.08), ChunkedAnswer())
    assert len(batches) == 2


async def test_what_arrives_in_one_chunk_is_one_batch() -> None:
    assert [len(batch) for batch in await read(sending(chunk("a") * 3, chunk("b"), pause=0.05))] == [3, 1]


async def test_a_server_that_never_stops_is_stopped() -> None:
    async def flood(_request: Request, reply: Reply) -> None:
        await reply.begin_stream()
        line = b"data: " + b" " * (MAX_LINE_BYTES // 2) + b"{}\n"
        for _ in range(2 * MAX_ANSWER_BYTES // len(line)):
            await reply.send_chunk(line)

    with pytest.raises(ProviderError) as caught:
        await read(flood, ChunkedAnswer())
    assert type(caught.value) is ProviderError


async def test_another_kind_of_answer_is_an_error() -> None:
    for kind in ("application/json", "text/html", "text/event-stream-not", ""):
        with pytest.raises(ProviderError):
            await read(sending(chunk("a"), kind=kind))
    assert await read(sending(chunk("a"), kind="Text/Event-Stream; charset=utf-8"))


@pytest.mark.parametrize("ending", [b"", b"5\r\nab"])
async def test_a_connection_that_just_ends_is_a_cut(ending: bytes) -> None:
    async def cut(_request: Request, reply: Reply) -> None:
        await reply.begin_stream()
        await reply.send_chunk(chunk("a"))
        if ending:
            await reply.send_raw(ending)

    with pytest.raises(ProviderInterrupted):
        await read(cut)


async def test_broken_framing_is_garbage() -> None:
    async def broken(_request: Request, reply: Reply) -> None:
        await reply.begin_stream()
        await reply.send_raw(b"zzzz\r\n")
        await reply.wait(1)

    with pytest.raises(ProviderError) as caught:
        await read(broken)
    assert type(caught.value) is ProviderError


async def test_an_error_body_that_hangs_still_has_its_status() -> None:
    async def hanging(_request: Request, reply: Reply) -> None:
        await reply.send_raw(b"HTTP/1.1 429 Slow\r\nContent-Length: 900\r\nRetry-After: soon\r\n\r\n{")
        await reply.wait(None)

    with pytest.raises(ProviderBusy) as caught:
        await read(hanging)
    assert caught.value.retry_after is None


async def test_a_redirect_is_not_followed() -> None:
    seen: list[Request] = []

    async def secret(request: Request, reply: Reply) -> None:
        seen.append(request)
        await reply.send_whole(200, "application/json", b'{"data": []}')

    async with served(secret) as elsewhere:

        async def moved(_request: Request, reply: Reply) -> None:
            await reply.send_whole(307, "application/json", b"{}", Location=f"{elsewhere}/list")

        with pytest.raises(ProviderError):
            await asked(moved)
        with pytest.raises(ProviderError):
            await read(moved)
    assert seen == []


async def asked(handler: Handler) -> Listed:
    async with served(handler) as url, aclosing(Upstream(url, bearer(SecretStr("key")), DEADLINES)) as upstream:
        return await upstream.get_json("/list", Listed, upstream.soon())


def whole(body: bytes, status: int = 200, **headers: str) -> Callable[[Request, Reply], Awaitable[None]]:
    async def handle(_request: Request, reply: Reply) -> None:
        await reply.send_whole(status, "application/json", body, **headers)

    return handle


async def test_a_document_of_the_right_shape() -> None:
    assert (await asked(whole(b'{"data": ["a"], "more": {}}'))).data == ["a"]


@pytest.mark.parametrize(
    "body",
    [b'{"error": "Unexpected endpoint"}', b"<html>", b'{"data": "\xff"}', b"", b'{"data": [', b'{"data": [1]}'],
)
async def test_a_success_without_the_shape_is_none(body: bytes) -> None:
    with pytest.raises(ProviderError):
        await asked(whole(body))


async def test_a_list_that_is_not_there_is_no_missing_model() -> None:
    with pytest.raises(ProviderError) as caught:
        await asked(whole(b'{"error": "not found"}', status=404))
    assert type(caught.value) is ProviderError


async def test_a_document_may_not_be_endless() -> None:
    with pytest.raises(ProviderError) as caught:
        await asked(whole(b'{"data": ["' + b"a" * MAX_JSON_BYTES + b'"]}'))
    assert type(caught.value) is ProviderError


async def test_redirects_are_not_followed() -> None:
    seen: list[str] = []

    async def elsewhere(request: Request, reply: Reply) -> None:
        seen.append(request.path)
        await reply.send_whole(302, "text/plain", b"", Location="/other")

    with pytest.raises(ProviderError):
        await asked(elsewhere)
    assert seen == ["/list"]


async def test_cookies_are_not_kept_and_the_environment_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    seen: list[dict[str, str]] = []

    async def handle(request: Request, reply: Reply) -> None:
        seen.append(request.headers)
        await reply.send_whole(200, "application/json", b'{"data": []}', Set_Cookie="who=maria; Path=/")

    async with served(handle) as url, aclosing(Upstream(url, bearer(SecretStr("  key-ü ")), DEADLINES)) as upstream:
        for _ in range(2):
            await upstream.get_json("/", Listed, upstream.soon())
    assert [headers.get("cookie") for headers in seen] == [None, None]
    assert seen[0]["authorization"].encode("latin-1").decode() == "Bearer key-ü"
    assert seen[0]["accept-encoding"] == "identity"


async def test_closing_closes_the_connection_at_once() -> None:
    gone = asyncio.Event()

    async def endless(_request: Request, reply: Reply) -> None:
        await reply.begin_stream()
        try:
            while True:
                await reply.send_chunk(chunk("a"))
                await reply.wait(0.01)
        finally:
            gone.set()

    async with served(endless) as url, aclosing(Upstream(url, (), DEADLINES)) as upstream:
        events = upstream.events("/", {}, upstream.patience())
        assert await anext(events)
        await events.aclose()
        async with asyncio.timeout(1):
            await gone.wait()
