"""Ollama's own interface: what its lists tell, the window it is told, its thoughts, and models it must load first."""

import json
import time
from collections.abc import AsyncIterator
from contextlib import aclosing
from itertools import pairwise

import pytest
from app.providers.base import (
    Capabilities,
    Finished,
    Model,
    ModelMissing,
    ProviderContextTooLong,
    ProviderError,
    ProviderEvent,
    ProviderInterrupted,
    ProviderTimedOut,
    ProviderUnreachable,
    ReasoningDelta,
    TextDelta,
    UsageReport,
)
from app.providers.http import JsonLines
from app.providers.ollama import LinesAnswer, OllamaProvider, ollama
from hypothesis import given
from hypothesis import strategies as st

from tests.peers.process import Peer, forget, log_of
from tests.peers.wire import Handler, Reply, Request, served
from tests.providers.conftest import CONNECT, FIRST, call, eventually, heard, settings_of


class Installed:
    """A server with these models, which counts what it is asked.

    Args:
        shown: What `/api/show` tells, by name; a name without it is not shown.
        tags: Entries of `/api/tags`, else made from the names.
        running: Names in memory; None when the server is too old to tell.
    """

    def __init__(
        self, shown: dict[str, object], *, tags: list[object] | None = None, running: tuple[str, ...] | None = ()
    ) -> None:
        self.shown = shown
        self.tags = tags or [{"name": name, "digest": f"digest of {name}"} for name in shown]
        self.running = running
        self.asked: list[str] = []
        self.chats: list[dict[str, object]] = []
        self._now = 0
        self.most = 0

    async def __call__(self, request: Request, reply: Reply) -> None:
        self.asked.append(request.path)
        match request.path:
            case "/api/tags":
                await reply.send_json(200, {"models": self.tags})
            case "/api/ps" if self.running is not None:
                await reply.send_json(200, {"models": [{"name": name} for name in self.running]})
            case "/api/show":
                await self._show(json.loads(request.body)["model"], reply)
            case "/api/chat":
                self.chats.append(json.loads(request.body))
                await reply.begin_stream("application/x-ndjson")
                await reply.send_chunk(b'{"message": {"content": "yes"}, "done": true}\n')
                await reply.end_stream()
            case _:
                await reply.send_whole(404, "text/plain", b"404 page not found")

    async def _show(self, name: str, reply: Reply) -> None:
        self._now += 1
        self.most = max(self.most, self._now)
        await reply.wait(0.02)
        self._now -= 1
        await reply.send_json(200 if self.shown.get(name) else 500, self.shown.get(name) or {"error": "broken"})


def shown(window: int, *abilities: str, **more: object) -> dict[str, object]:
    return {"capabilities": list(abilities), "model_info": {"x.context_length": window, "x.y": None, "z": 1.5}, **more}


async def models_of(handler: Handler) -> list[Model]:
    async with served(handler) as url, aclosing(ollama(settings_of(url), url)) as provider:
        return await provider.models()


@pytest.fixture
def double(ollama_double: Peer) -> Peer:
    forget(ollama_double)
    return ollama_double


@pytest.fixture
async def provider(double: Peer) -> AsyncIterator[OllamaProvider]:
    async with aclosing(ollama(settings_of(double.url), f"{double.url}/v1")) as made:
        yield made


async def test_the_lists_tell_what_a_model_is() -> None:
    place = Installed(
        {
            "eyes:latest": shown(131_072, "completion", "vision", "tools", "thinking"),
            "small:1b": shown(2_048, "completion"),
            "embed": shown(2_048, "embedding"),
            "chosen": shown(131_072, "completion", parameters='stop "x"\nnum_ctx                        40960'),
        },
        running=("small:1b",),
    )
    eyes, small, embed, chosen = await models_of(place)
    every = Capabilities(vision=True, tools=True, reasoning=True)
    assert eyes == Model("eyes:latest", "ollama", "eyes", "chat", 16_384, False, every)
    assert small == Model("small:1b", "ollama", "small:1b", "chat", 2_048, True)
    assert (embed.kind, embed.context_length) == ("embedding", 2_048)
    assert chosen.context_length == 40_960


async def test_an_old_server_tells_less() -> None:
    tags: list[object] = [{"name": "chat"}, {"name": "embed", "details": {"family": "nomic-bert"}}, {"name": ""}]
    chat, embed = await models_of(Installed({"chat": {"details": {}}}, tags=tags, running=None))
    assert chat == Model("chat", "ollama", "chat", "chat", 16_384, None)
    assert embed.kind == "embedding"


async def test_what_runs_in_the_cloud_is_not_at_home() -> None:
    tags: list[object] = [{"name": "big-cloud", "digest": "1", "remote_host": "https://ollama.com:443"}]
    cloud = shown(262_144, "completion", remote_host="https://ollama.com:443")
    [model] = await models_of(Installed({"big-cloud": cloud}, tags=tags))
    assert (model.location, model.context_length) == ("remote", 262_144)


async def test_a_model_is_looked_into_once_and_again_when_it_changed() -> None:
    place = Installed({f"model-{number}": shown(4_096, "completion") for number in range(12)})
    async with served(place) as url, aclosing(ollama(settings_of(url, connect_seconds=3), url)) as provider:
        assert len(await provider.models()) == 12
        await provider.models()
        assert place.asked.count("/api/show") == 12
        assert 1 < place.most <= 4
        place.tags[0] = {"name": "model-0", "digest": "another"}
        await provider.models()
        assert place.asked.count("/api/show") == 13


async def test_a_model_that_cannot_be_shown_is_listed_and_asked_about_again() -> None:
    place = Installed({"whole": shown(4_096, "completion"), "broken": None})
    async with served(place) as url, aclosing(ollama(settings_of(url), url)) as provider:
        whole, broken = await provider.models()
        assert (whole.context_length, broken.context_length) == (4_096, 16_384)
        place.shown["broken"] = shown(8_192, "completion")
        assert (await provider.models())[1].context_length == 8_192


async def test_lists_that_hang_end_within_the_deadline() -> None:
    async def handle(request: Request, reply: Reply) -> None:
        if request.path == "/api/tags":
            await reply.send_json(200, {"models": [{"name": "a", "digest": "1"}]})
        await reply.wait(None)

    started = time.monotonic()
    assert [model.id for model in await models_of(handle)] == ["a"]
    assert time.monotonic() - started < CONNECT + 1


async def test_another_server_on_the_port_is_no_ollama() -> None:
    async def handle(_request: Request, reply: Reply) -> None:
        await reply.send_json(200, {"object": "list", "data": [{"id": "a"}]})

    with pytest.raises(ProviderError) as caught:
        await models_of(handle)
    assert type(caught.value) is ProviderError


async def test_every_call_names_the_window_that_the_catalogue_told(provider: OllamaProvider, double: Peer) -> None:
    [model] = [model for model in await provider.models() if model.id == "tiny-chat-1b"]
    await heard(provider, call("tiny-chat-1b", temperature=0.5, top_p=0.9, max_tokens=7))
    [chat] = [entry["body"] for entry in log_of(double) if entry["path"] == "/api/chat"]
    assert chat["options"] == {"num_ctx": 16_384, "temperature": 0.5, "top_p": 0.9, "num_predict": 7}
    assert model.context_length == 16_384
    assert "think" not in chat


async def test_a_model_nobody_listed_is_looked_into_first(provider: OllamaProvider, double: Peer) -> None:
    place = Installed({"small": shown(2_048, "completion")})
    async with served(place) as url, aclosing(ollama(settings_of(url), url)) as unlisted:
        for _ in range(2):
            assert (await heard(unlisted, call("small")))[1] is None
    assert place.asked == ["/api/show", "/api/chat", "/api/chat"]
    assert place.chats[0]["options"] == {"num_ctx": 2_048}
    _, error = await heard(provider, call("nobody-has-it"))
    assert type(error) is ModelMissing
    assert [entry["path"] for entry in log_of(double)] == ["/api/show"]


async def test_details_that_do_not_come_do_not_stop_an_answer() -> None:
    place = Installed({"broken": None})
    async with served(place) as url, aclosing(ollama(settings_of(url), url)) as provider:
        events, error = await heard(provider, call("broken"))
    assert (events, error) == ([TextDelta("yes"), Finished("stop")], None)


async def test_thoughts_are_asked_of_those_who_think(provider: OllamaProvider, double: Peer) -> None:
    await provider.models()
    events, error = await heard(provider, call("tiny-think-1b"))
    assert error is None
    assert isinstance(events[0], ReasoningDelta)
    thoughts = "".join(event.text for event in events if isinstance(event, ReasoningDelta))
    assert thoughts == "The person wants an echo. I give it."
    assert log_of(double)[-1]["body"]["think"] is True


async def test_thoughts_in_the_text_are_told_apart_too(provider: OllamaProvider) -> None:
    events, error = await heard(provider, call("fault-think-inline"))
    assert error is None
    assert "".join(event.text for event in events if isinstance(event, ReasoningDelta)) == "I give an echo."


async def test_a_model_that_is_not_in_memory_has_the_time_to_load(double: Peer) -> None:
    async with aclosing(ollama(settings_of(double.url, load_seconds=5), double.url)) as patient:
        started = time.monotonic()
        events, error = await heard(patient, call("fault-slow-first-1500", max_tokens=2))
        assert error is None
        assert time.monotonic() - started > 2 * FIRST
        assert events[-1] == Finished("length")
        _, error = await heard(patient, call("fault-slow-first-1500", max_tokens=2))
        assert type(error) is ProviderTimedOut, "it has just answered, so it is in memory"
    async with aclosing(ollama(settings_of(double.url, load_seconds=5), double.url)) as listed:
        await listed.models()
        _, error = await heard(listed, call("fault-slow-first-1500"))
        assert type(error) is ProviderTimedOut, "it was listed as in memory"


async def test_an_end_without_figures_is_complete_and_none_is_a_cut(provider: OllamaProvider) -> None:
    events, error = await heard(provider, call("fault-nousage"))
    assert (error, events[-1]) == (None, Finished("stop"))
    assert not any(isinstance(event, UsageReport) for event in events)
    _, error = await heard(provider, call("fault-nodone"))
    assert type(error) is ProviderInterrupted


async def test_nobody_listens() -> None:
    async with served(Installed({})) as url:
        pass
    async with aclosing(ollama(settings_of(url), url)) as provider:
        started = time.monotonic()
        _, error = await heard(provider, call("any"))
        assert type(error) is ProviderUnreachable
        with pytest.raises(ProviderUnreachable):
            await provider.models()
        assert time.monotonic() - started < CONNECT + 1


async def test_leaving_while_it_loads_closes_the_connection(double: Peer) -> None:
    async with aclosing(ollama(settings_of(double.url, load_seconds=5), double.url)) as provider:
        events = provider.stream(call("pace-2-5000"))
        assert await anext(events)
        await events.aclose()
        await eventually(lambda: log_of(double)[-1]["aborted"])


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ('{"error": "model \\"x\\" not found, try pulling it first"}', ModelMissing),
        ('{"error": "the input length exceeds the context length"}', ProviderContextTooLong),
        ('{"error": {"message": "odd"}}', ProviderError),
        ('{"message": {"content": 5}}', ProviderError),
        ('{"message": {"content": "\\ud800"}}', ProviderError),
        ('{"done": true, "eval_count": -1}', ProviderError),
        ('data: {"message": {"content": "sse"}}', ProviderError),
    ],
)
def test_errors_and_garbage_in_the_stream_have_their_kind(line: str, kind: type[ProviderError]) -> None:
    with pytest.raises(ProviderError) as caught:
        LinesAnswer().read([line.encode()])
    assert type(caught.value) is kind


def test_a_split_at_any_byte_changes_nothing() -> None:
    lines = [
        {"message": {"role": "assistant", "content": "", "thinking": "Hm."}, "done": False},
        {"message": {"role": "assistant", "content": "Grüße, 日本 😀."}, "done": False},
        {"message": {"role": "assistant", "content": ""}, "done": True, "done_reason": "length", "eval_count": 2},
    ]
    whole = b"".join(json.dumps(line, ensure_ascii=False).encode() + b"\n" for line in lines)
    for place in range(len(whole) + 1):
        framing, answer = JsonLines(), LinesAnswer()
        events: list[ProviderEvent] = []
        for start, end in pairwise([0, place, len(whole)]):
            events += answer.read(framing.feed(whole[start:end]))
        assert events == [ReasoningDelta("Hm."), TextDelta("Grüße, 日本 😀.")]
        assert answer.end() == [UsageReport(0, 2), Finished("length")]


@given(st.lists(st.binary(max_size=200), max_size=8))
def test_noise_is_a_provider_error_and_nothing_else(reads: list[bytes]) -> None:
    framing, answer = JsonLines(), LinesAnswer()
    try:
        for data in reads:
            answer.read(framing.feed(data))
        answer.end()
    except ProviderError:
        pass
