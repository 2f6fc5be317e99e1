"""The main job on real parts: questions to a model server in another process; kept, resumed, stopped, recovered."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
import pytest

from tests.client import Event, Person, parse_events, text_of
from tests.process.conftest import ModelServer, deadlines, signed_in
from tests.process.server import Server, read_stream, serving

pytestmark = [pytest.mark.asyncio, pytest.mark.process]
SLOW = "pace-20-100"


@asynccontextmanager
async def asking(person: Person, content: str, **fields: object) -> AsyncIterator[httpx2.Response]:
    body = {"message": {"content": content}, **fields}
    async with person.http.stream("POST", "/chat/stream", json=body, headers=person.headers) as response:
        assert response.status_code == 200, await response.aread()
        yield response


async def begin(person: Person, events: int, **fields: object) -> list[Event]:
    """Ask, read so many events, and leave."""
    async with asking(person, "Count.", **fields) as response:
        return await read_stream(response, until=events)


async def messages(person: Person, conversation_id: object) -> list[dict[str, object]]:
    found: list[dict[str, object]] = (await person.get(f"/conversations/{conversation_id}/messages")).json()["items"]
    return found


async def running(person: Person) -> dict[str, str]:
    """The answer under way, once there is one."""
    async with asyncio.timeout(5):
        while not (items := (await person.get("/chat/active")).json()["items"]):
            await asyncio.sleep(0.01)
    found: dict[str, str] = items[0]
    return found


async def ended(person: Person, conversation_id: object) -> dict[str, object]:
    """The last message of a conversation once nothing runs there any more."""
    async with asyncio.timeout(15):
        while (await person.get(f"/conversations/{conversation_id}")).json()["active_generation_id"]:
            await asyncio.sleep(0.05)
    return (await messages(person, conversation_id))[-1]


async def test_an_answer_streams_and_is_there_afterwards(person: Person) -> None:
    events = await person.ask("What is **up**?", model="tiny-chat-1b")
    names = [event.name for event in events]
    assert names[0] == "meta"
    assert names[-2:] == ["usage", "done"]
    assert [event.id for event in events] == list(range(1, len(events) + 1))
    meta, done = events[0].data, events[-1].data
    assert (meta["provider"], meta["model"], meta["title"]) == ("lmstudio", "tiny-chat-1b", "What is **up**?")
    assert (done["status"], done["message_id"]) == ("complete", meta["assistant_message_id"])
    question, answer = await messages(person, meta["conversation_id"])
    assert (question["content"], question["id"]) == ("What is **up**?", meta["user_message_id"])
    assert (answer["content"], answer["state"], answer["parent_id"]) == (text_of(events), "complete", question["id"])
    assert answer["usage"] == done["usage"]
    follow_up = await person.ask("And now?", conversation_id=meta["conversation_id"])
    assert follow_up[0].data["conversation_created"] is False
    assert follow_up[0].data["parent_id"] == answer["id"]
    assert follow_up[0].data["selection"]["source"] == "conversation"  # type: ignore[index]


async def test_the_model_gets_the_history_and_the_settings(person: Person, studio: ModelServer) -> None:
    first = await person.ask("First?", model="tiny-chat-1b", system="Be brief.", temperature=0.5, max_tokens=50)
    await person.ask("Second?", conversation_id=first[0].data["conversation_id"], model="tiny-chat-1b")
    one, two = [entry["body"] for entry in await studio.chats()]
    assert isinstance(one, dict)
    assert isinstance(two, dict)
    assert (one["temperature"], one["max_tokens"], one["stream"]) == (0.5, 50, True)
    assert one["messages"] == [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "First?"}]
    assert [message["content"] for message in two["messages"]] == ["First?", text_of(first), "Second?"]
    assert "temperature" not in two


async def test_reasoning_is_kept_apart(person: Person) -> None:
    for model in ("tiny-think-1b", "fault-think-inline"):
        events = await person.ask("Think.", model=model)
        assert any(event.name == "reasoning" for event in events), model
        assert "<think>" not in text_of(events)
        answer = (await messages(person, events[0].data["conversation_id"]))[-1]
        assert [part["type"] for part in answer["parts"]] == ["reasoning", "text"]  # type: ignore[attr-defined]


async def test_a_reader_that_leaves_comes_back_to_the_same_bytes(person: Person) -> None:
    async with asking(person, "Count.", model=SLOW) as response:
        meta = (await read_stream(response, until=5))[0].data
    path = f"/chat/stream/{meta['generation_id']}"
    whole, late = await asyncio.gather(person.get(path), person.get(path, headers={"Last-Event-ID": "3"}))
    assert whole.text.endswith("\n\n")
    frames = [block for block in whole.text.split("\n\n") if block and not block.startswith(":")]
    again = [block for block in late.text.split("\n\n") if block and not block.startswith(":")]
    assert again == frames[3:]
    events = parse_events(whole.text)
    assert text_of(events).split() == [f"tok{number}" for number in range(100)]
    assert (await ended(person, meta["conversation_id"]))["content"] == text_of(events)
    async with asyncio.timeout(5):
        headed = await person.request("HEAD", path)
    assert (headed.status_code, headed.content) == (200, b"")
    last = events[-1].id
    assert (await person.get(f"{path}?after={last}")).text == ""
    for odd in (f"{path}?after={(last or 0) + 1}", f"{path}?after=-1", f"{path}?after=x", f"{path}?after=1e9"):
        assert (await person.get(odd)).status_code == 422, odd


async def test_pings_come_while_nothing_else_does(person: Person) -> None:
    async with asking(person, "Wait.", model="fault-slow-first-1500") as response:
        raw = "".join([chunk async for chunk in response.aiter_text()])
    assert raw.count(": ping\n\n") >= 4
    assert parse_events(raw)[-1].data["status"] == "complete"


async def test_stopping_closes_the_model_servers_connection_and_keeps_the_text(
    person: Person, studio: ModelServer
) -> None:
    async with asking(person, "Count.", model=SLOW) as response:
        stream = asyncio.create_task(read_stream(response))
        active = await running(person)
        await asyncio.sleep(0.3)
        path = f"/chat/cancel/{active['generation_id']}"
        first, second = await asyncio.gather(person.post(path), person.post(path))
        events = await stream
    assert first.json() == second.json() == {"generation_id": active["generation_id"], "status": "stopped"}
    assert (await person.post(path)).json()["status"] == "stopped"
    assert events[-1].data["status"] == "stopped"
    assert [event.name for event in events].count("done") == 1
    answer = await ended(person, active["conversation_id"])
    assert (answer["state"], answer["content"]) == ("stopped", text_of(events))
    assert 0 < len(str(answer["content"]).split()) < 100
    async with asyncio.timeout(2):
        while not (await studio.chats())[-1]["aborted"]:
            await asyncio.sleep(0.02)


async def test_other_ways_to_end_are_complete(person: Person) -> None:
    for model in ("fault-nousage", "fault-nodone"):
        events = await person.ask("Please.", model=model)
        assert events[-1].data["status"] == "complete"
        assert text_of(events)
        if model == "fault-nousage":
            assert events[-1].data["usage"]["estimated"] is True  # type: ignore[index]


async def test_what_cannot_be_answered_is_refused_and_leaves_nothing(person: Person) -> None:
    unknown = await person.post("/chat/stream", {"message": {"content": "x"}, "model": "no-such-model"})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "MODEL_NOT_FOUND")
    nowhere = await person.post("/chat/stream", {"message": {"content": "x"}, "provider": "nobody"})
    assert (nowhere.status_code, nowhere.json()["code"]) == (404, "PROVIDER_NOT_FOUND")
    embedding = await person.post("/chat/stream", {"message": {"content": "x"}, "model": "text-embedding-small"})
    assert embedding.status_code == 404
    long = await person.post("/chat/stream", {"message": {"content": "x" * 100_000}, "model": "tiny-chat-1b"})
    assert (long.status_code, long.json()["code"]) == (413, "CONTEXT_TOO_LONG")
    lost = {"message": {"content": "x"}, "conversation_id": "nonsense", "require_conversation": True}
    assert (await person.post("/chat/stream", lost)).json()["code"] == "CONVERSATION_NOT_FOUND"
    for bad in ({"message": {"content": " \n"}}, {"message": {"content": "x"}, "temperature": 9}, {"message": "x"}):
        assert (await person.post("/chat/stream", bad)).status_code == 422
    assert (await person.get("/conversations")).json()["items"] == []


async def test_a_model_server_that_is_away_is_said_quickly(tmp_path: Path, studio: ModelServer) -> None:
    async with (
        serving(tmp_path, **{**deadlines(studio), "ENV": "production", "PROVIDER_CONNECT_SECONDS": "3"}) as server,
        signed_in(server) as person,
    ):
        studio.peer.kill()
        for fields in ({}, {"provider": "lmstudio"}, {"model": "tiny-chat-1b"}):
            started = time.monotonic()
            refused = await person.post("/chat/stream", {"message": {"content": "x"}, **fields})
            assert time.monotonic() - started < 3.5
            assert (refused.status_code, refused.json()["code"]) == (503, "PROVIDER_UNREACHABLE")
            assert int(refused.headers["retry-after"]) > 0
        assert (await person.get("/providers/lmstudio/models")).status_code == 503
        assert (await person.get("/providers/lmstudio/health")).json()["error_code"] == "PROVIDER_UNREACHABLE"
        assert (await person.get("/models")).json()["items"] == []
        assert (await person.get("/conversations")).json()["items"] == []


async def test_one_answer_at_a_time_unless_the_place_is_named(person: Person) -> None:
    begun = (await begin(person, 3, model=SLOW))[0].data
    busy = await person.post("/chat/stream", {"message": {"content": "x"}, "conversation_id": begun["conversation_id"]})
    assert (busy.status_code, busy.json()["code"]) == (409, "GENERATION_IN_PROGRESS")
    again = await person.post("/chat/retry", {"conversation_id": begun["conversation_id"]})
    assert again.json()["code"] == "GENERATION_IN_PROGRESS"
    branch = await person.ask(
        "Elsewhere.", conversation_id=begun["conversation_id"], parent_id=None, model="tiny-chat-1b"
    )
    assert branch[0].data["parent_id"] is None
    assert branch[-1].data["status"] == "complete"
    detail = (await person.get(f"/conversations/{begun['conversation_id']}")).json()
    assert detail["active_generation_id"] == begun["generation_id"]
    await person.post(f"/chat/cancel/{begun['generation_id']}")


async def test_a_retry_is_a_sibling_and_asks_nothing_anew(person: Person) -> None:
    first = await person.ask("Once.", model="tiny-chat-1b")
    conversation_id = first[0].data["conversation_id"]
    answer = await person.post("/chat/retry", {"conversation_id": conversation_id})
    events = parse_events(answer.text)
    assert events[0].data["user_message_id"] == first[0].data["user_message_id"]
    question, shown = await messages(person, conversation_id)
    assert shown["id"] == events[0].data["assistant_message_id"]
    assert (shown["sibling_count"], shown["sibling_index"]) == (2, 1)
    assert question["sibling_count"] == 1
    empty = (await person.post("/conversations", {})).json()
    nothing = await person.post("/chat/retry", {"conversation_id": empty["id"]})
    assert (nothing.status_code, nothing.json()["code"]) == (400, "NO_USER_MESSAGE")


async def test_deleting_a_conversation_sends_its_readers_away(person: Person) -> None:
    async with asking(person, "Count.", model=SLOW) as response:
        stream = asyncio.create_task(read_stream(response))
        active = await running(person)
        assert (await person.delete(f"/conversations/{active['conversation_id']}")).status_code == 204
        events = await stream
    assert (events[-1].name, events[-1].id, events[-1].data["code"]) == ("error", None, "CONVERSATION_NOT_FOUND")
    assert (await person.get("/chat/active")).json()["items"] == []
    assert (await person.get(f"/chat/stream/{active['generation_id']}")).status_code == 404


async def test_after_kill_9_the_answer_stands_interrupted_with_its_prefix(tmp_path: Path, studio: ModelServer) -> None:
    async with serving(tmp_path, **deadlines(studio)) as server, signed_in(server) as person:
        seen = await begin(person, 60, model=SLOW)
        await server.kill()
    async with serving(tmp_path, **deadlines(studio)) as server, signed_in(server) as person:
        meta = seen[0].data
        answer = await ended(person, meta["conversation_id"])
        assert answer["state"] == "interrupted"
        words = str(answer["content"]).split()
        assert words == [f"tok{number}" for number in range(len(words))]
        # At 20 ms a token, half a second is 25 tokens.
        assert len(words) >= len(text_of(seen).split()) - 25
        gone = await person.get(f"/chat/stream/{meta['generation_id']}")
        assert (gone.status_code, gone.json()["code"]) == (410, "STREAM_GONE")
        assert (await person.post(f"/chat/cancel/{meta['generation_id']}")).json()["status"] == "interrupted"
        retried = await person.post(
            "/chat/retry", {"conversation_id": meta["conversation_id"], "model": "tiny-chat-1b"}
        )
        assert parse_events(retried.text)[-1].data["status"] == "complete"


async def test_sigterm_interrupts_what_does_not_end_in_time(server: Server, person: Person) -> None:
    async with asking(person, "Count.", model=SLOW) as response:
        stream = asyncio.create_task(read_stream(response))
        await running(person)
        code = await server.stop()
        events = await stream
    assert code == 0
    assert (events[-1].name, events[-1].data["status"]) == ("done", "interrupted")


async def test_a_foreign_answer_is_not_there(server: Server, person: Person) -> None:
    begun = (await begin(person, 2, model=SLOW))[0].data
    invite = (await person.post("/admin/invites", {})).json()["code"]
    body = {"invite_code": invite, "username": "maria", "password": "correct horse battery"}
    async with httpx2.AsyncClient(base_url=server.url) as http:
        token = (await http.post("/auth/register", json=body)).json()["access_token"]
        http.headers["Authorization"] = f"Bearer {token}"
        for generation_id in (begun["generation_id"], "0198a000-0000-7000-8000-000000000000", "x"):
            for answer in (
                await http.get(f"/chat/stream/{generation_id}"),
                await http.post(f"/chat/cancel/{generation_id}"),
            ):
                assert (answer.status_code, answer.json()["code"]) == (404, "GENERATION_NOT_FOUND")
        assert (await http.get("/chat/active")).json()["items"] == []
        elsewhere = await http.post(
            "/chat/stream",
            json={"message": {"content": "x"}, "conversation_id": begun["conversation_id"], "model": "tiny-chat-1b"},
        )
        meta = parse_events(elsewhere.text)[0].data
        assert meta["conversation_created"] is True
        assert meta["conversation_id"] != begun["conversation_id"]
    assert (await person.post(f"/chat/cancel/{begun['generation_id']}")).json()["status"] == "stopped"
