"""Every way a model server can fail: the right kind, within its deadline, with what came before kept."""

import asyncio
import socket
import time
from contextlib import aclosing
from itertools import takewhile

import pytest
from app.providers.base import (
    Finished,
    ModelMissing,
    Provider,
    ProviderBusy,
    ProviderContextTooLong,
    ProviderError,
    ProviderHungUp,
    ProviderInterrupted,
    ProviderTimedOut,
    ProviderUnreachable,
    ReasoningDelta,
    TextDelta,
    UsageReport,
)
from app.providers.lmstudio import LMStudioProvider, lmstudio

from tests.peers.process import Peer, forget, log_of
from tests.peers.wire import Reply, Request, served
from tests.providers.conftest import CONNECT, FIRST, IDLE, KEY, call, eventually, heard, settings_of

MARGIN = 1.0


@pytest.mark.parametrize(
    ("model", "kind", "within", "prefix"),
    [
        ("fault-hang", ProviderTimedOut, FIRST, 0),
        ("fault-slow-first-1500", ProviderTimedOut, FIRST, 0),
        ("fault-stall-3", ProviderTimedOut, IDLE, 3),
        ("fault-cut-5", ProviderInterrupted, 0, 5),
        ("fault-garbage", ProviderError, 0, 3),
        ("fault-badutf8", ProviderError, 0, 3),
        ("fault-longline", ProviderError, 0, 3),
        ("fault-error-chunk", ProviderError, 0, 3),
        ("fault-html", ProviderError, 0, 0),
        ("fault-noise", ProviderError, 0, 0),
        ("fault-reset", ProviderHungUp, 0, 0),
        ("fault-401", ProviderError, 0, 0),
        ("fault-403", ProviderError, 0, 0),
        ("fault-404", ModelMissing, 0, 0),
        ("fault-413", ProviderError, 0, 0),
        ("fault-429", ProviderBusy, 0, 0),
        ("fault-500", ProviderError, 0, 0),
        ("fault-503", ProviderBusy, 0, 0),
        ("fault-529", ProviderBusy, 0, 0),
        ("nobody-knows-it", ModelMissing, 0, 0),
    ],
)
async def test_a_fault_has_its_kind_its_deadline_and_keeps_the_prefix(
    vendor: Provider, model: str, kind: type[ProviderError], within: float, prefix: int
) -> None:
    started = time.monotonic()
    events, error = await heard(vendor, call(model))
    assert type(error) is kind
    assert within <= time.monotonic() - started < within + MARGIN
    text = "".join(event.text for event in events if isinstance(event, TextDelta))
    assert text == "".join(f"tok{number} " for number in range(prefix))
    assert not any(isinstance(event, (Finished, UsageReport)) for event in events)


@pytest.mark.parametrize(
    "model", ["fault-401", "fault-403", "fault-500", "fault-garbage", "fault-noise", "fault-reset"]
)
async def test_no_failure_carries_the_key_or_the_servers_words(vendor: Provider, model: str) -> None:
    _, error = await heard(vendor, call(model))
    assert error is not None
    assert error.__suppress_context__ or error.__context__ is None
    assert error.__cause__ is None
    assert KEY not in f"{error!r} {error.detail} {error.text} {error.args}"
    assert error.detail is None


@pytest.mark.parametrize(
    ("model", "kind"),
    [("fault-400", ModelMissing), ("fault-context", ProviderContextTooLong)],
)
async def test_some_refusals_are_known_by_their_words(
    provider: LMStudioProvider, model: str, kind: type[ProviderError]
) -> None:
    events, error = await heard(provider, call(model))
    assert (events, type(error)) == ([], kind)


@pytest.mark.parametrize("model", ["fault-429", "fault-503"])
async def test_a_busy_server_says_when_to_come_back(provider: LMStudioProvider, model: str) -> None:
    _, error = await heard(provider, call(model))
    assert error is not None
    assert error.retry_after == 7


async def test_a_slow_drip_is_no_stall(vendor: Provider) -> None:
    started = time.monotonic()
    events, error = await heard(vendor, call("fault-drip-100", max_tokens=10))
    assert error is None
    assert time.monotonic() - started > FIRST
    assert events[-1] == Finished("length")


async def test_an_end_without_figures_or_without_its_word_is_complete(provider: LMStudioProvider) -> None:
    for model, figures in (("fault-nousage", 0), ("fault-nodone", 1)):
        events, error = await heard(provider, call(model))
        assert error is None
        assert events[-1] == Finished("stop")
        assert sum(isinstance(event, UsageReport) for event in events) == figures


async def test_inline_thoughts_are_reasoning(provider: LMStudioProvider) -> None:
    events, error = await heard(provider, call("fault-think-inline"))
    assert error is None
    thoughts = list(takewhile(lambda event: isinstance(event, ReasoningDelta), events))
    assert "".join(event.text for event in thoughts if isinstance(event, ReasoningDelta)) == "I give an echo."
    answer = "".join(event.text for event in events if isinstance(event, TextDelta))
    assert answer.startswith("You asked: Say it.")
    assert not any(isinstance(event, ReasoningDelta) for event in events[len(thoughts) :])


async def test_text_that_looks_like_events_stays_text(vendor: Provider) -> None:
    events, error = await heard(vendor, call("fault-inject"))
    assert error is None
    answer = "".join(event.text for event in events if isinstance(event, TextDelta))
    assert answer.startswith("id: 9\nevent: done\ndata: {}\n\n<script>alert(1)</script>You asked")


async def test_a_first_token_within_its_deadline_is_waited_for(double: Peer) -> None:
    async with aclosing(lmstudio(settings_of(double.url, first_token_seconds=3))) as patient:
        events, error = await heard(patient, call("fault-slow-first-1500", max_tokens=2))
    assert error is None
    assert events[-1] == Finished("length")


async def test_waiting_for_headers_can_be_cancelled(double: Peer, provider: LMStudioProvider) -> None:
    forget(double)
    task = asyncio.create_task(heard(provider, call("fault-hang")))
    await eventually(lambda: bool(log_of(double)))
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await eventually(lambda: log_of(double)[-1]["aborted"])


@pytest.mark.parametrize("cut", [True, False])
async def test_an_answer_with_its_reason_is_whole_however_the_connection_ends(*, cut: bool) -> None:
    async def handle(_request: Request, reply: Reply) -> None:
        await reply.begin_stream()
        await reply.send_chunk(b'data: {"choices":[{"delta":{"content":"all"},"finish_reason":"stop"}]}\n\n')
        await reply.wait(0.05 if cut else None)
        reply.cut()

    async with served(handle) as url, aclosing(lmstudio(settings_of(url))) as provider:
        assert await heard(provider, call("any")) == ([TextDelta("all"), Finished("stop")], None)


async def test_text_that_looked_like_a_tag_is_not_lost_with_the_connection() -> None:
    async def handle(_request: Request, reply: Reply) -> None:
        await reply.begin_stream()
        await reply.send_chunk(b'data: {"choices":[{"delta":{"content":"<thi"}}]}\n\n')
        await reply.wait(0.05)
        reply.cut()

    async with served(handle) as url, aclosing(lmstudio(settings_of(url))) as provider:
        events, error = await heard(provider, call("any"))
    assert events == [TextDelta("<thi")]
    assert type(error) is ProviderInterrupted


async def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    await _is_unreachable(f"http://127.0.0.1:{port}", CONNECT)


async def test_packets_vanish() -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        fillers = [socket.socket() for _ in range(3)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(full.getsockname())
        started = time.monotonic()
        await _is_unreachable(f"http://127.0.0.1:{full.getsockname()[1]}", CONNECT)
        assert time.monotonic() - started > 2 * CONNECT - 0.05, "the connections were to hang"
        for filler in fillers:
            filler.close()


async def test_somebody_listens_and_says_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        async with aclosing(lmstudio(settings_of(url))) as provider:
            started = time.monotonic()
            with pytest.raises(ProviderUnreachable):
                await provider.models()
            assert time.monotonic() - started < CONNECT + MARGIN


async def _is_unreachable(url: str, within: float) -> None:
    async with aclosing(lmstudio(settings_of(url))) as provider:
        started = time.monotonic()
        with pytest.raises(ProviderUnreachable):
            await provider.models()
        assert time.monotonic() - started < within + MARGIN
        started = time.monotonic()
        _, error = await heard(provider, call("any"))
        assert type(error) is ProviderUnreachable
        assert error.__suppress_context__
        assert time.monotonic() - started < within + MARGIN
