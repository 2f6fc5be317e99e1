"""Turns that do not go straight: in a queue, to another model, on from where they ended, under a title of their own."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.client import Event, Person, parse_events, text_of
from tests.peers.process import running as running_peer
from tests.process.conftest import ModelServer, installation, join
from tests.process.server import serving
from tests.process.test_chat import SLOW, asking, ended, messages
from tests.process.test_chat import running as under_way

pytestmark = [pytest.mark.asyncio, pytest.mark.process]
BRIEF = "pace-20-10"
LONG_QUESTION = "What would be a good name for a small wooden boat that is to sail on a lake in the north of Finland?"


@pytest.fixture
def second() -> Iterator[ModelServer]:
    """Another model server, which lists only what works."""
    with running_peer("tests.peers.lmstudio", "--plain") as peer:
        yield ModelServer(peer)


def names_of(events: list[Event]) -> list[str]:
    """The kinds of events in their order, neighbours of one kind once."""
    names = [event.name for event in events]
    return [name for place, name in enumerate(names) if place == 0 or names[place - 1] != name]


async def questions_at(studio: ModelServer) -> list[str]:
    """What the model server was asked, in its order."""
    bodies = [entry["body"] for entry in await studio.chats()]
    return [body["messages"][-1]["content"] for body in bodies]  # type: ignore[index]


async def active(person: Person, number: int) -> list[dict[str, str]]:
    """The answers under way, once there are so many."""
    async with asyncio.timeout(20):
        while len(items := (await person.get("/chat/active")).json()["items"]) < number:
            await asyncio.sleep(0.01)
    found: list[dict[str, str]] = items
    return found


@pytest.fixture
async def one_seat(tmp_path: Path, studio: ModelServer) -> AsyncIterator[Person]:
    async with installation(tmp_path, studio, PROVIDER_SEATS="lmstudio=1", MAX_STREAMS_PER_USER="30") as (_, owner):
        yield owner


async def test_one_persons_twenty_questions_delay_anothers_by_one_answer(one_seat: Person, studio: ModelServer) -> None:
    other = await join(one_seat, "maria")
    long = asyncio.create_task(one_seat.ask("mine", model="pace-20-1000"))
    answering = await under_way(one_seat)
    many = [asyncio.create_task(one_seat.ask(f"mine {number}", model=BRIEF)) for number in range(19)]
    await active(one_seat, 20)
    hers = asyncio.create_task(other.ask("hers", model=BRIEF))
    await active(other, 1)
    await one_seat.post(f"/chat/cancel/{answering['generation_id']}")
    single = await hers
    assert names_of(single) == ["meta", "queue", "delta", "usage", "done"]
    place = single[1].data
    assert place.keys() == {"position", "ahead", "estimate_seconds"}
    assert (place["position"], place["ahead"]) == (1, 0)
    for events in await asyncio.gather(*many):
        assert events[-1].data["status"] == "complete"
        assert len(text_of(events).split()) == 10
    assert (await questions_at(studio))[:2] == ["mine", "hers"]
    assert len(await studio.chats()) == 21
    assert (await long)[-1].data["status"] == "stopped"


async def test_who_waits_is_shown_as_queued_and_can_leave_the_queue(one_seat: Person, studio: ModelServer) -> None:
    async with asking(one_seat, "First.", model="pace-20-1000"):
        await under_way(one_seat)
        used = (await one_seat.get("/usage/me")).json()["messages"]["used"]
        waiting = asyncio.create_task(one_seat.ask("Second.", model=BRIEF))
        items = await active(one_seat, 2)
        assert [item["status"] for item in items] == ["streaming", "queued"]
        assert (await messages(one_seat, items[1]["conversation_id"]))[-1]["state"] == "queued"
        path = f"/chat/cancel/{items[1]['generation_id']}"
        assert (await one_seat.post(path)).json()["status"] == "stopped"
        events = await waiting
        assert names_of(events) == ["meta", "queue", "done"]
        assert events[-1].data["status"] == "stopped"
        assert await questions_at(studio) == ["First."]
        assert (await one_seat.get("/usage/me")).json()["messages"]["used"] == used
        await one_seat.post(f"/chat/cancel/{items[0]['generation_id']}")
    assert (await one_seat.ask("Third.", model=BRIEF))[-1].data["status"] == "complete"


async def test_what_waited_is_streaming_once_it_is_its_turn(one_seat: Person) -> None:
    first = asyncio.create_task(one_seat.ask("First.", model="pace-20-100"))
    await under_way(one_seat)
    second = asyncio.create_task(one_seat.ask("Second.", model="pace-20-100"))
    await first
    async with asyncio.timeout(5):
        while [item["status"] for item in (await one_seat.get("/chat/active")).json()["items"]] != ["streaming"]:
            await asyncio.sleep(0.02)
    events = await second
    assert events[-1].data["status"] == "complete"
    assert (await ended(one_seat, events[0].data["conversation_id"]))["state"] == "complete"


async def test_a_bad_number_of_seats_stops_the_start(tmp_path: Path) -> None:
    for wrong in ("0", "lmstudio=many", "-1"):
        with pytest.raises(AssertionError, match="the server ended"):
            async with serving(tmp_path, PROVIDER_SEATS=wrong):
                pass


@asynccontextmanager
async def two_servers(folder: Path, studio: ModelServer, second: ModelServer, wished: str) -> AsyncIterator[Person]:
    names = {"OPENAI_COMPAT_BASE_URL": second.base_url, "DEFAULT_PROVIDER": "lmstudio", "DEFAULT_MODEL": wished}
    async with installation(folder, studio, MODEL_PRIORITY="tiny-chat-1b", **names) as (_, owner):
        yield owner


@pytest.mark.parametrize("wished", ["fault-503", "fault-429", "fault-500", "fault-401", "fault-html"])
async def test_the_next_candidate_answers_when_the_first_does_not_begin(
    tmp_path: Path, studio: ModelServer, second: ModelServer, wished: str
) -> None:
    async with two_servers(tmp_path, studio, second, wished) as owner:
        events = await owner.ask("Who answers?")
        meta = events[0].data
        expected = "lmstudio" if wished in {"fault-500", "fault-401", "fault-html"} else "openai_compat"
        assert (meta["provider"], meta["model"]) == (expected, "tiny-chat-1b")
        assert meta["selection"]["fallback_from"] == f"lmstudio/{wished}"  # type: ignore[index]
        assert meta["selection"]["reason"]  # type: ignore[index]
        assert names_of(events) == ["meta", "delta", "usage", "done"]
        answer = await ended(owner, meta["conversation_id"])
        assert (answer["provider"], answer["model"], answer["state"]) == (expected, "tiny-chat-1b", "complete")
        items = (await owner.get("/admin/usage?group=model")).json()["items"]
        assert [(item["provider"], item["model"], item["messages"]) for item in items] == [
            (expected, "tiny-chat-1b", 1)
        ]
        # It was nobody's choice, so the next question is free to go elsewhere.
        assert (await owner.get(f"/conversations/{meta['conversation_id']}")).json()["provider"] is None


async def test_a_server_that_went_away_is_left_for_the_other(
    tmp_path: Path, studio: ModelServer, second: ModelServer
) -> None:
    async with two_servers(tmp_path, studio, second, "tiny-chat-1b") as owner:
        assert (await owner.ask("First."))[0].data["provider"] == "lmstudio"
        studio.peer.kill()
        events = await owner.ask("Second.")
        assert events[0].data["provider"] == "openai_compat"
        assert events[0].data["selection"]["fallback_from"] == "lmstudio/tiny-chat-1b"  # type: ignore[index]
        assert events[-1].data["status"] == "complete"


async def test_an_explicit_choice_and_a_begun_answer_stay_where_they_are(
    tmp_path: Path, studio: ModelServer, second: ModelServer
) -> None:
    async with two_servers(tmp_path, studio, second, "fault-cut-5") as owner:
        explicit = await owner.ask("Mine.", provider="lmstudio", model="fault-503")
        assert names_of(explicit) == ["meta", "error", "done"]
        begun = await owner.ask("Begun.")
        assert begun[0].data["model"] == "fault-cut-5"
        assert begun[-2].data["code"] == "PROVIDER_INTERRUPTED"
        assert await second.chats() == []


async def test_there_is_one_fall_back_and_no_second(tmp_path: Path, studio: ModelServer) -> None:
    names = {"DEFAULT_MODEL": "fault-503", "MODEL_PRIORITY": "tiny-chat-1b"}
    async with installation(tmp_path, studio, OPENAI_COMPAT_BASE_URL=studio.base_url, **names) as (_, owner):
        events = await owner.ask("Who answers?")
    # The same model on another server comes before other models.
    assert (events[0].data["provider"], events[0].data["model"]) == ("openai_compat", "fault-503")
    assert names_of(events) == ["meta", "error", "done"]
    assert [entry["body"]["model"] for entry in await studio.chats()] == ["fault-503", "fault-503"]  # type: ignore[index]


async def stopped_answer(person: Person) -> dict[str, object]:
    """An answer that was stopped in the middle."""
    async with asking(person, "Count.", model="pace-20-1000"):
        run = await under_way(person)
        async with asyncio.timeout(5):
            while not (await messages(person, run["conversation_id"]))[-1]["content"]:
                await asyncio.sleep(0.05)
        await person.post(f"/chat/cancel/{run['generation_id']}")
    return {**(await ended(person, run["conversation_id"])), "conversation_id": run["conversation_id"]}


async def test_a_stopped_answer_goes_on_in_its_place(person: Person, studio: ModelServer) -> None:
    stopped = await stopped_answer(person)
    body = {"conversation_id": stopped["conversation_id"], "message_id": stopped["id"], "model": BRIEF}
    response = await person.post("/chat/continue", body)
    events = parse_events(response.text)
    meta, done = events[0].data, events[-1].data
    assert (meta["assistant_message_id"], done["message_id"]) == (stopped["id"], stopped["id"])
    assert events[1].data["text"] == stopped["content"]
    question, answer = await messages(person, stopped["conversation_id"])
    assert answer["content"] == text_of(events) == f"{stopped['content']}{''.join(f'tok{n} ' for n in range(10))}"
    assert (answer["state"], answer["sibling_count"], answer["finish_reason"]) == ("complete", 1, "stop")
    sent = (await studio.chats())[-1]["body"]["messages"]  # type: ignore[index]
    assert [message["role"] for message in sent] == ["user", "assistant", "user"]
    assert [message["content"] for message in sent[:2]] == [question["content"], stopped["content"]]
    # Of the day's allowance it takes what it took itself; the message tells what the whole answer cost.
    before, after, own = stopped["usage"], answer["usage"], done["usage"]
    assert after["completion_tokens"] == before["completion_tokens"] + own["completion_tokens"]  # type: ignore[index]
    again = await person.get(f"/chat/stream/{meta['generation_id']}?after=1")
    assert text_of(parse_events(again.text)) == answer["content"]


async def test_what_cannot_go_on_is_refused(person: Person) -> None:
    stopped = await stopped_answer(person)
    conversation_id = stopped["conversation_id"]
    followed = await person.ask("More.", conversation_id=conversation_id, model="tiny-chat-1b")
    refused = await person.post("/chat/continue", {"conversation_id": conversation_id, "message_id": stopped["id"]})
    assert (refused.status_code, refused.json()["code"]) == (409, "CONFLICT")
    question = {"conversation_id": conversation_id, "message_id": followed[0].data["user_message_id"]}
    assert (await person.post("/chat/continue", question)).json()["code"] == "NO_USER_MESSAGE"
    nowhere = {"conversation_id": conversation_id, "message_id": "0198a000-0000-7000-8000-000000000000"}
    assert (await person.post("/chat/continue", nowhere)).json()["code"] == "MESSAGE_NOT_FOUND"


async def test_what_is_too_long_for_a_title_is_named_by_the_model(person: Person, studio: ModelServer) -> None:
    events = await person.ask(LONG_QUESTION, model="tiny-chat-1b")
    meta = events[0].data
    assert meta["title"] == "What would be a good name for a small wooden boat that is…"
    async with asyncio.timeout(10):
        while (title := (await person.get(f"/conversations/{meta['conversation_id']}")).json()["title"]) == meta[
            "title"
        ]:
            await asyncio.sleep(0.05)
    assert title == "A name from the model"
    calls = await studio.chats()
    assert len(calls) == 2
    await person.ask(LONG_QUESTION, model="tiny-chat-1b", conversation_id=meta["conversation_id"])
    short = await person.ask("Short?", model="tiny-chat-1b")
    assert short[0].data["title"] == "Short?"
    assert len(await studio.chats()) == 4
    assert (await person.get("/usage/me")).json()["messages"]["used"] == 3


async def test_a_title_that_a_person_gave_stays(one_seat: Person) -> None:
    # The seat is taken by the next question, so that the name is not asked for.
    async with asking(one_seat, LONG_QUESTION, model=SLOW) as response:
        run = await under_way(one_seat)
        await one_seat.patch(f"/conversations/{run['conversation_id']}", {"title": "Mine"})
        await response.aread()
    await ended(one_seat, run["conversation_id"])
    assert (await one_seat.ask("Next.", model=BRIEF))[-1].data["status"] == "complete"
    assert (await one_seat.get(f"/conversations/{run['conversation_id']}")).json()["title"] == "Mine"
