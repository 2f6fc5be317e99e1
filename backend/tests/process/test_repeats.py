"""A question sent again by the same key is asked once, whoever races whom and whatever became of the answer."""

import asyncio
from collections import Counter
from pathlib import Path

import httpx2
import pytest

from tests.client import Person, parse_events, text_of
from tests.process.conftest import ModelServer, deadlines, signed_in
from tests.process.server import Server, read_stream, serving

pytestmark = [pytest.mark.asyncio, pytest.mark.process]
QUICK, SLOW = "tiny-chat-1b", "pace-20-100"
DUPLICATES, QUESTIONS, AT_ONCE = 10_000, 50, 64


def question(content: str, **fields: object) -> dict[str, object]:
    return {"message": {"content": content}, **fields}


async def send(person: Person, key: str, body: dict[str, object], path: str = "/chat/stream") -> httpx2.Response:
    return await person.post(path, body, headers={"Idempotency-Key": key})


async def count_messages(person: Person) -> int:
    found = (await person.get("/conversations?limit=200")).json()["items"]
    return sum(int(conversation["message_count"]) for conversation in found)


async def test_the_same_key_is_refused_while_it_runs_and_read_again_after(person: Person, studio: ModelServer) -> None:
    body = question("Count.", model=SLOW)
    first = asyncio.create_task(send(person, "k-1", body))
    async with asyncio.timeout(5):
        while not (active := (await person.get("/chat/active")).json()["items"]):
            await asyncio.sleep(0.01)
    again = await send(person, "k-1", body)
    assert (again.status_code, again.json()["code"]) == (409, "IDEMPOTENCY_CONFLICT")
    assert again.json()["detail"] == {"generation_id": active[0]["generation_id"]}
    stream = await first
    replayed = await send(person, "k-1", dict(reversed(body.items())))
    events = parse_events(stream.text)
    assert parse_events(replayed.text) == events
    assert events[-1].data["status"] == "complete"
    other = await send(person, "k-1", question("Count!", model=SLOW))
    assert (other.status_code, other.json()["code"]) == (422, "IDEMPOTENCY_MISMATCH")
    retry = {"conversation_id": events[0].data["conversation_id"]}
    assert (await send(person, "k-1", retry, "/chat/retry")).status_code == 422
    assert len(await studio.chats()) == 1
    assert await count_messages(person) == 2


async def test_a_retry_sent_twice_is_one_sibling(person: Person, studio: ModelServer) -> None:
    asked = await person.ask("Count.", model=QUICK)
    retry = {"conversation_id": asked[0].data["conversation_id"], "model": QUICK}
    one, two = await send(person, "r-1", retry, "/chat/retry"), await send(person, "r-1", retry, "/chat/retry")
    assert one.status_code == two.status_code == 200
    assert parse_events(one.text) == parse_events(two.text)
    assert len(await studio.chats()) == 2
    assert await count_messages(person) == 3


async def test_a_refused_question_leaves_its_key_unused(person: Person) -> None:
    refused = await send(person, "k-2", question("x" * 100_000, model=QUICK))
    assert refused.status_code == 413
    assert (await send(person, "k-2", question("Short.", model=QUICK))).status_code == 200


async def test_a_key_is_its_owners_alone(person: Person, server: Server) -> None:
    invite = (await person.post("/admin/invites", {})).json()["code"]
    body = {"invite_code": invite, "username": "other", "password": "correct horse battery"}
    joined = (await person.http.post("/auth/register", json=body)).json()
    other = Person(person.http, joined["user"], {"Authorization": f"Bearer {joined['access_token']}"})
    mine = await send(person, "same", question("Mine.", model=QUICK))
    theirs = await send(other, "same", question("Theirs.", model=QUICK))
    assert (mine.status_code, theirs.status_code) == (200, 200)
    ids = {parse_events(answer.text)[0].data["generation_id"] for answer in (mine, theirs)}
    assert len(ids) == 2


@pytest.mark.parametrize("key", ["", "x" * 256, "a b"])
async def test_a_key_of_a_wrong_form_is_said(person: Person, key: str) -> None:
    answer = await send(person, key, question("Hello.", model=QUICK))
    assert answer.status_code == 422
    assert answer.json()["detail"]["fields"][0]["field"] == "idempotency-key"


async def test_an_answer_that_is_gone_is_not_asked_for_again(person: Person, studio: ModelServer) -> None:
    body = question("Hello.", model=QUICK)
    asked = parse_events((await send(person, "k-3", body)).text)
    await person.delete(f"/conversations/{asked[0].data['conversation_id']}")
    gone = await send(person, "k-3", body)
    assert (gone.status_code, gone.json()["code"]) == (410, "STREAM_GONE")
    assert len(await studio.chats()) == 1


async def test_a_key_outlives_the_server(tmp_path: Path, studio: ModelServer) -> None:
    body = question("Count.", model=SLOW)
    async with (
        serving(tmp_path, **deadlines(studio)) as server,
        signed_in(server) as person,
        person.http.stream(
            "POST", "/chat/stream", json=body, headers={**person.headers, "Idempotency-Key": "k-4"}
        ) as response,
    ):
        assert response.status_code == 200
        # The question counts as asked with its first event; the model is called after it.
        await read_stream(response, until=2)
        await server.kill()
    async with serving(tmp_path, **deadlines(studio)) as server, signed_in(server) as person:
        assert (await send(person, "k-4", body)).status_code == 410
        assert (await send(person, "k-4", question("Other."))).status_code == 422
        assert len(await studio.chats()) == 1
        assert await count_messages(person) == 2


async def test_ten_thousand_repeats_ask_and_store_nothing(tmp_path: Path, studio: ModelServer) -> None:
    limits = {"MAX_STREAMS_PER_USER": "64", "QUOTA_MESSAGES_PER_DAY": "1000", "QUOTA_TOKENS_PER_DAY": "100000000"}
    async with serving(tmp_path, **deadlines(studio), **limits) as server, signed_in(server) as person:
        turns = iter([f"q{number % QUESTIONS}" for number in range(DUPLICATES)])
        outcomes: Counter[int] = Counter()
        texts: dict[str, set[str]] = {}

        async def sender() -> None:
            for key in turns:
                answer = await send(person, key, question(f"Say {key}.", model=QUICK))
                outcomes[answer.status_code] += 1
                if answer.status_code == 200:
                    events = parse_events(answer.text)
                    assert events[-1].data["status"] == "complete"
                    texts.setdefault(key, set()).add(f"{events[0].data['generation_id']} {text_of(events)}")

        await asyncio.gather(*(sender() for _ in range(AT_ONCE)))
        assert set(outcomes) <= {200, 409}
        assert outcomes.total() == DUPLICATES
        assert [len(answers) for answers in texts.values()] == [1] * QUESTIONS
        assert len(await studio.chats()) == QUESTIONS
        assert await count_messages(person) == 2 * QUESTIONS
