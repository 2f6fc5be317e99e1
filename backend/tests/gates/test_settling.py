"""What a person has used after every kind of end of an answer, and what the model server was told; real processes."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import httpx2
import pytest

from tests.client import Event, Person, text_of
from tests.peers.process import running
from tests.process.conftest import ModelServer, installation, join
from tests.process.server import read_stream

pytestmark = [pytest.mark.asyncio, pytest.mark.process]

PACED = "pace-20-100"
PLAIN = "tiny-chat-1b"
HANGING = "fault-hang"


@pytest.fixture
def studio() -> Iterator[ModelServer]:
    with running("tests.peers.lmstudio") as peer:
        yield ModelServer(peer)


async def used(person: Person) -> tuple[int, int]:
    usage = (await person.get("/usage/me")).json()
    return usage["messages"]["used"], usage["tokens"]["used"]


async def allow(owner: Person, person: Person, messages: int | None, tokens: int | None) -> None:
    body = {"messages_per_day": messages, "tokens_per_day": tokens}
    answer = await owner.request("PUT", f"/admin/quotas/{person.user['id']}", json=body)
    assert answer.status_code == 200, answer.text


def left_over(folder: Path) -> tuple[int, int]:
    """Reservations, and tokens held by anybody."""
    with closing(sqlite3.connect(folder / "omniai.db")) as database:
        reservations = database.execute("SELECT count(*) FROM reservations").fetchone()[0]
        held = database.execute("SELECT coalesce(sum(held_tokens), 0) FROM day_counts").fetchone()[0]
    return int(reservations), int(held)


@asynccontextmanager
async def asking(person: Person, model: str) -> AsyncIterator[httpx2.Response]:
    body = {"message": {"content": "Count."}, "model": model}
    async with person.http.stream("POST", "/chat/stream", json=body, headers=person.headers) as response:
        assert response.status_code == 200, await response.aread()
        yield response


async def begin(person: Person, model: str, events: int) -> list[Event]:
    async with asking(person, model) as response:
        return await read_stream(response, until=events)


async def idle(person: Person) -> None:
    async with asyncio.timeout(15):
        while (await person.get("/chat/active")).json()["items"]:
            await asyncio.sleep(0.02)


def tokens_of(event: Event) -> int:
    usage = event.data["usage"] if event.name == "done" else event.data
    assert isinstance(usage, dict)
    return int(usage["total_tokens"])


async def test_every_end_settles_and_an_answer_without_a_token_is_given_back(
    tmp_path: Path, studio: ModelServer
) -> None:
    async with installation(tmp_path, studio) as (_, owner):
        counted = 0
        for number, (model, status, came) in enumerate(
            (
                (PLAIN, "complete", True),
                ("fault-nousage", "complete", True),
                ("tiny-think-1b", "complete", True),
                ("fault-cut-5", "error", True),
                ("fault-stall-3", "error", True),
                ("fault-error-chunk", "error", True),
                (HANGING, "error", False),
                ("fault-500", "error", False),
                ("fault-429", "error", False),
                ("fault-garbage", "error", True),
                # Last, for the model server counts as away for a moment after it.
                ("fault-reset", "error", False),
            )
        ):
            member = await join(owner, f"member{number}")
            await allow(owner, member, 5, 100_000)
            events = await member.ask("Please.", model=model)
            assert (events[-1].name, events[-1].data["status"]) == ("done", status), model
            spoke = bool(text_of(events))
            assert spoke is came, model
            expected = (1, tokens_of(events[-1])) if spoke else (0, 0)
            assert await used(member) == expected, model
            assert left_over(tmp_path) == (0, 0), model
            counted += spoke
        ledger = (await owner.get("/admin/usage?group=model")).json()["items"]
        assert sum(item["messages"] for item in ledger) == counted
        people = (await owner.get("/admin/usage?group=user")).json()["items"]
        assert len(people) == counted


async def test_tokens_are_estimated_when_the_server_reports_none(tmp_path: Path, studio: ModelServer) -> None:
    async with installation(tmp_path, studio) as (_, owner):
        events = await owner.ask("Please.", model="fault-nousage")
        usage = events[-1].data["usage"]
        assert isinstance(usage, dict)
        assert usage["estimated"] is True
        assert usage["completion_tokens"] == -(-len(text_of(events).encode()) // 4)
        assert await used(owner) == (1, usage["total_tokens"])
        reported = await owner.ask("Please.", model=PLAIN)
        assert reported[-1].data["usage"]["estimated"] is False  # type: ignore[index]
        assert await used(owner) == (2, usage["total_tokens"] + tokens_of(reported[-1]))


async def test_stopping_counts_what_came_and_deleting_too(tmp_path: Path, studio: ModelServer) -> None:
    async with installation(tmp_path, studio) as (_, owner):
        stopped, deleting, early = [await join(owner, f"member{number}") for number in range(3)]
        meta = (await begin(stopped, PACED, 10))[0].data
        assert left_over(tmp_path)[0] == 1
        await stopped.post(f"/chat/cancel/{meta['generation_id']}")
        messages, tokens = await used(stopped)
        assert messages == 1
        assert 0 < tokens < 300
        meta = (await begin(deleting, PACED, 10))[0].data
        assert (await deleting.delete(f"/conversations/{meta['conversation_id']}")).status_code == 204
        await idle(deleting)
        messages, tokens = await used(deleting)
        assert messages == 1, "deleting the conversation does not give the message back"
        assert tokens > 0
        meta = (await begin(early, HANGING, 1))[0].data
        assert (await used(early))[0] == 1, "counted while it runs"
        await early.post(f"/chat/cancel/{meta['generation_id']}")
        assert await used(early) == (0, 0)
        assert left_over(tmp_path) == (0, 0)


async def test_a_retry_counts_and_a_reader_who_leaves_changes_nothing(tmp_path: Path, studio: ModelServer) -> None:
    async with installation(tmp_path, studio) as (_, owner):
        events = await owner.ask("Please.", model=PLAIN)
        answer = await owner.post("/chat/retry", {"conversation_id": events[0].data["conversation_id"]})
        assert answer.status_code == 200
        assert (await used(owner))[0] == 2
        before = (await used(owner))[1]
        await begin(owner, "pace-20-100", 3)
        await idle(owner)
        assert await used(owner) == (3, before + 1 + 100)


async def test_after_kill_9_what_was_stored_is_counted_and_nothing_is_held(tmp_path: Path, studio: ModelServer) -> None:
    async with installation(tmp_path, studio) as (server, owner):
        talking, waiting = await join(owner, "talking"), await join(owner, "waiting")
        await allow(owner, talking, 5, 10_000)
        await begin(waiting, "fault-slow-first-1500", 1)
        seen = await begin(talking, PACED, 60)
        assert (await used(waiting))[0] == 1
        assert left_over(tmp_path)[0] == 2
        await server.kill()
    async with installation(tmp_path, studio) as (_, owner):
        talking.http = waiting.http = owner.http
        messages, tokens = await used(talking)
        conversation = seen[0].data["conversation_id"]
        stored = (await talking.get(f"/conversations/{conversation}/messages")).json()["items"][-1]["content"]
        assert stored
        assert messages == 1
        assert tokens == -(-len("Count.") // 4) + 4 + -(-len(stored) // 4)
        assert await used(waiting) == (0, 0)
        assert left_over(tmp_path) == (0, 0)


async def test_sigterm_settles_too(tmp_path: Path, studio: ModelServer) -> None:
    async with installation(tmp_path, studio) as (server, owner):
        member = await join(owner, "maria")
        async with asking(member, PACED) as response:
            stream = asyncio.create_task(read_stream(response))
            while not (await member.get("/chat/active")).json()["items"]:
                await asyncio.sleep(0.01)
            await asyncio.sleep(0.2)
            assert await server.stop() == 0
            events = await stream
        assert events[-1].data["status"] == "interrupted"
    assert left_over(tmp_path) == (0, 0)
    async with installation(tmp_path, studio) as (_, owner):
        member.http = owner.http
        assert await used(member) == (1, tokens_of(events[-1]))


async def test_the_model_server_is_told_no_more_than_is_left(tmp_path: Path, studio: ModelServer) -> None:
    async with installation(tmp_path, studio) as (_, owner):
        prompt = 6 + 4
        question = "x" * 24

        async def told(tokens: int | None, **fields: object) -> object:
            await allow(owner, owner, None, tokens if tokens is None else (await used(owner))[1] + tokens)
            await owner.ask(question, model=PLAIN, **fields)
            body = (await studio.chats())[-1]["body"]
            assert isinstance(body, dict)
            return body.get("max_tokens")

        assert await told(None) is None
        assert await told(None, max_tokens=7) == 7
        assert await told(100_000) is None, "with plenty left nothing is capped"
        assert await told(100_000, max_tokens=7) == 7
        for left in (prompt + 1, prompt + 2, prompt + 50):
            assert await told(left) == left - prompt
        assert await told(prompt + 50, max_tokens=49) == 49
        assert await told(prompt + 50, max_tokens=51) == 50
        before = len(await studio.chats())
        await allow(owner, owner, None, (await used(owner))[1] + prompt)
        refused = await owner.post("/chat/stream", {"message": {"content": question}, "model": PLAIN})
        assert (refused.status_code, refused.json()["code"]) == (429, "QUOTA_EXCEEDED")
        assert len(await studio.chats()) == before


async def test_streams_at_once_at_their_figure(tmp_path: Path, studio: ModelServer) -> None:
    names = {"MAX_STREAMS_PER_USER": "2", "PROVIDER_FIRST_TOKEN_SECONDS": "20"}
    async with installation(tmp_path, studio, **names) as (_, owner):
        member = await join(owner, "maria")
        runs = [(await begin(member, HANGING, 1))[0].data for _ in range(2)]
        body = {"message": {"content": "One more."}, "model": PLAIN}
        retry = {"conversation_id": runs[0]["conversation_id"]}
        for path, sent in (("/chat/stream", body), ("/chat/retry", retry)):
            refused = await member.post(path, sent)
            assert (refused.status_code, refused.json()["code"]) == (429, "TOO_MANY_STREAMS")
            assert refused.json()["detail"] == {"limit": 2}
            assert int(refused.headers["retry-after"]) > 0
        assert (await used(member))[0] == 2, "a refusal counts nothing"
        assert (await owner.ask("Hello", model=PLAIN))[-1].data["status"] == "complete", "others go on"
        await member.post(f"/chat/cancel/{runs[0]['generation_id']}")
        assert (await member.ask("Hello", model=PLAIN))[-1].data["status"] == "complete"
        assert (await begin(member, HANGING, 1))[0].name == "meta"
