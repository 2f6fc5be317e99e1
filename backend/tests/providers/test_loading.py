"""Loading a model in LM Studio before it is asked: once for all who want it, in its own time, and never twice."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field

import pytest
from app.providers import lmstudio as module
from app.providers.base import (
    Finished,
    ModelMissing,
    ProviderBusy,
    ProviderError,
    ProviderTimedOut,
    ProviderUnreachable,
    TextDelta,
)
from app.providers.http import failure_kind
from app.providers.lmstudio import LMStudioProvider, lmstudio

from tests.peers.process import Peer, forget, log_of
from tests.peers.wire import Reply, Request, served
from tests.providers.conftest import CONNECT, FIRST, call, eventually, heard, settings_of

LIST, LOAD, UNLOAD, CHAT = "/api/v1/models", "/api/v1/models/load", "/api/v1/models/unload", "/v1/chat/completions"


@dataclass
class Studio:
    """A server whose models are loaded when told.

    Attributes:
        loaded: What is in memory.
        load_seconds: How long loading takes.
        refusal: Status and body of a refusal to load.
        native: Whether it has its own interface.
        asked: The paths that were asked.
    """

    loaded: set[str] = field(default_factory=set)
    load_seconds: float = 0.0
    refusal: tuple[int, object] | None = None
    native: bool = True
    asked: list[str] = field(default_factory=list)
    unloaded: list[str] = field(default_factory=list)
    first_token: float = 0.0

    async def __call__(self, request: Request, reply: Reply) -> None:
        self.asked.append(request.path)
        body = json.loads(request.body or b"{}")
        match request.path:
            case "/api/v1/models" if self.native:
                await reply.send_json(200, {"models": [self._entry(name) for name in ("one", "two", "three")]})
            case "/api/v0/models":
                entries = [{"id": name, "type": "llm", "state": "not-loaded"} for name in ("one", "two")]
                await reply.send_json(200, {"data": entries})
            case "/api/v1/models/load":
                await self._load(body["model"], reply)
            case "/api/v1/models/unload":
                self.loaded.discard(body["instance_id"])
                self.unloaded.append(body["instance_id"])
                await reply.send_json(200, body)
            case "/v1/chat/completions":
                await reply.wait(self.first_token)
                await reply.begin_stream()
                chunk = {"choices": [{"delta": {"content": "yes"}, "finish_reason": "stop"}]}
                await reply.send_chunk(b"data: " + json.dumps(chunk).encode() + b"\n\ndata: [DONE]\n\n")
            case _:
                await reply.send_json(200, {"error": f"Unexpected endpoint or method. ({request.path})"})

    async def _load(self, name: str, reply: Reply) -> None:
        await reply.wait(self.load_seconds)
        if self.refusal:
            await reply.send_json(*self.refusal)
            return
        self.loaded.add(name)
        await reply.send_json(200, {"type": "llm", "instance_id": name, "load_time_seconds": 1.5, "status": "loaded"})

    def _entry(self, name: str) -> dict[str, object]:
        return {"type": "llm", "key": name, "loaded_instances": [{"id": name}] if name in self.loaded else []}


@asynccontextmanager
async def listed(studio: Studio, **changes: float) -> AsyncIterator[LMStudioProvider]:
    """The adapter, which has seen the list; what was asked so far is forgotten."""
    async with served(studio) as url, aclosing(lmstudio(settings_of(url, **changes))) as provider:
        await provider.models()
        studio.asked.clear()
        yield provider


async def test_a_model_is_loaded_before_it_is_asked(double: Peer) -> None:
    forget(double)
    async with aclosing(lmstudio(settings_of(double.url))) as provider:
        await provider.models()
        _, error = await heard(provider, call("tiny-eyes-2b"))
        assert error is None
        assert [entry["path"] for entry in log_of(double)] == [LIST, LIST, LOAD, CHAT]
        [loaded] = [model for model in await provider.models() if model.id == "tiny-eyes-2b"]
        assert loaded.loaded
    forget(double)


async def test_what_is_in_memory_is_asked_at_once() -> None:
    studio = Studio(loaded={"one"})
    async with listed(studio) as provider:
        await heard(provider, call("one"))
        await heard(provider, call("one"))
    assert studio.asked == [CHAT, CHAT]


async def test_many_who_want_a_model_load_it_once() -> None:
    studio = Studio(load_seconds=0.2)
    async with listed(studio, load_seconds=5) as provider:
        answers = await asyncio.gather(*(heard(provider, call("one")) for _ in range(10)))
        assert {error for _, error in answers} == {None}
        await heard(provider, call("one"))
    assert studio.asked.count(LOAD) == 1
    assert studio.asked.count(CHAT) == 11


async def test_what_somebody_else_has_loaded_since_is_not_loaded_twice() -> None:
    studio = Studio()
    async with listed(studio) as provider:
        studio.loaded.add("one")
        assert (await heard(provider, call("one")))[1] is None
    assert studio.asked == [LIST, CHAT]


async def test_what_was_unloaded_meanwhile_is_loaded_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_SURE_SECONDS", 0.0)
    studio = Studio(loaded={"one"})
    async with listed(studio) as provider:
        await heard(provider, call("one"))
        studio.loaded.clear()
        await heard(provider, call("one"))
    assert studio.asked == [LIST, CHAT, LIST, LOAD, CHAT]


async def test_who_stops_waiting_does_not_end_the_loading_for_the_others() -> None:
    studio = Studio(load_seconds=0.3)
    async with listed(studio, load_seconds=5) as provider:
        first, second = (asyncio.create_task(heard(provider, call("one"))) for _ in range(2))
        await eventually(lambda: LOAD in studio.asked)
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        assert (await second)[1] is None
    assert studio.asked.count(LOAD) == 1
    assert studio.asked.count(CHAT) == 1


async def test_loading_has_its_own_deadline() -> None:
    async with listed(Studio(load_seconds=2 * FIRST), load_seconds=5) as provider:
        assert (await heard(provider, call("one")))[1] is None
    async with listed(Studio(load_seconds=9), load_seconds=FIRST) as provider:
        started = time.monotonic()
        events, error = await heard(provider, call("one"))
    assert (events, type(error)) == ([], ProviderTimedOut)
    assert FIRST <= time.monotonic() - started < FIRST + 1


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (404, {"error": {"type": "model_not_found", "message": "No such model"}}, ModelMissing),
        (503, {"error": {"message": "busy"}}, ProviderBusy),
        (429, {"error": {"message": "slow down"}}, ProviderBusy),
    ],
)
async def test_a_refusal_to_load_has_its_kind(status: int, body: object, kind: type[ProviderError]) -> None:
    studio = Studio(refusal=(status, body))
    async with listed(studio) as provider:
        events, error = await heard(provider, call("one"))
    assert (events, type(error)) == ([], kind)
    assert CHAT not in studio.asked


@pytest.mark.parametrize(
    "refusal",
    [
        (403, {"error": {"message": "This token may not load models"}}),
        (200, {"error": "Unexpected endpoint or method. (POST /api/v1/models/load). Returning 200 anyway"}),
        (500, {"error": {"message": "Failed to load model"}}),
    ],
)
async def test_where_it_may_not_be_loaded_so_the_question_may_load_it(refusal: tuple[int, object]) -> None:
    studio = Studio(refusal=refusal, first_token=2 * FIRST)
    async with listed(studio, load_seconds=5) as provider:
        assert await heard(provider, call("one")) == ([TextDelta("yes"), Finished("stop")], None)
    assert studio.asked == [LIST, LOAD, CHAT]


async def test_an_older_server_loads_by_itself_and_has_the_time() -> None:
    studio = Studio(native=False, first_token=2 * FIRST)
    async with listed(studio, load_seconds=5) as provider:
        assert (await heard(provider, call("one")))[1] is None
        assert studio.asked == [CHAT]
        _, error = await heard(provider, call("one"))
    assert type(error) is ProviderTimedOut, "it has just answered, so it is in memory"


async def test_an_unknown_model_is_left_to_the_server_to_refuse(double: Peer) -> None:
    async with aclosing(lmstudio(settings_of(double.url))) as provider:
        await provider.models()
        forget(double)
        _, error = await heard(provider, call("nobody-has-it"))
    assert type(error) is ModelMissing
    assert [entry["path"] for entry in log_of(double)] == [LIST, CHAT]


async def test_the_idle_model_loaded_from_here_makes_room_and_no_other() -> None:
    studio = Studio(loaded={"three"})
    async with listed(studio) as provider:
        await heard(provider, call("one"))
        assert studio.loaded == {"one", "three"}
        await heard(provider, call("two"))
        assert studio.loaded == {"two", "three"}
    assert studio.unloaded == ["one"]


async def test_a_model_that_answers_makes_no_room() -> None:
    studio = Studio(first_token=0.3)
    async with listed(studio, load_seconds=5) as provider:
        answering = asyncio.create_task(heard(provider, call("one")))
        await eventually(lambda: CHAT in studio.asked)
        await heard(provider, call("two"))
        assert (await answering)[1] is None
    assert studio.unloaded == []


async def test_a_server_that_went_away_is_unreachable_within_one_deadline() -> None:
    studio = Studio()
    async with served(studio) as url:
        away = lmstudio(settings_of(url))
        await away.models()
    async with aclosing(away):
        started = time.monotonic()
        _, error = await heard(away, call("one"))
    assert type(error) is ProviderUnreachable
    assert time.monotonic() - started < CONNECT + 1


async def test_closing_ends_the_loading() -> None:
    studio = Studio(load_seconds=0.5)
    async with listed(studio, load_seconds=5) as provider:
        waiting = asyncio.create_task(heard(provider, call("one")))
        await eventually(lambda: LOAD in studio.asked)
        await provider.aclose()
        with pytest.raises(asyncio.CancelledError):
            await waiting


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("No models loaded. Please load a model in the developer page or use the 'lms load' command.", ModelMissing),
        ("Model is unloaded.", ModelMissing),
        ('Failed to load model "x". Error: its file was not found', ProviderError),
        ("The model has crashed without additional information. (Exit code: 6)", ProviderError),
    ],
)
def test_its_words_are_known(said: str, kind: Callable[[], ProviderError]) -> None:
    assert failure_kind(json.dumps({"error": {"message": said}})) is kind
