"""How long conversations stay: the trash gives back what was deleted as it was, and what is temporary is nowhere."""

import json
import zipfile
from collections.abc import AsyncIterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from app.core.clock import now
from app.core.ids import new_id
from app.domain.conversations.models import Conversation
from app.tables import metadata
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests.api.test_search import found, talk
from tests.client import Api, Event, Json, Person, running_app
from tests.conftest import migrated, settings_for

pytestmark = pytest.mark.asyncio
CANARY = "marzipan-canary"


async def trash(person: Person) -> list[Json]:
    items: list[Json] = (await person.get("/trash")).json()["items"]
    return items


async def exported(person: Person, conversation_id: str) -> Json:
    """All that an export tells of a conversation, save when it was last touched."""
    answer = await person.get(f"/conversations/{conversation_id}/export")
    assert answer.status_code == 200, answer.text
    whole: Json = answer.json()
    return {name: value for name, value in whole.items() if name != "updated_at"}


async def grown(person: Person) -> str:
    """A conversation with branches, a rating and choices of its own."""
    conversation_id = await talk(person, "Marzipan", f"What is {CANARY}?", "Sweet.", "And blue?", "Rarely.")
    items = (await person.get(f"/conversations/{conversation_id}/messages")).json()["items"]
    assert (await person.patch(f"/messages/{items[1]['id']}", {"feedback": {"rating": "good"}})).status_code == 200
    changes = {"current_leaf_id": items[1]["id"], "pinned": True, "archived": True, "system": "Be brief."}
    assert (await person.patch(f"/conversations/{conversation_id}", changes)).status_code == 200
    other = {"role": "user", "content": "And red?"}
    assert (await person.post(f"/conversations/{conversation_id}/messages", other)).status_code == 201
    return conversation_id


async def test_what_was_deleted_comes_back_as_it_was(owner: Person) -> None:
    conversation_id = await grown(owner)
    before = await exported(owner, conversation_id)
    messages = before["messages"]
    assert isinstance(messages, list)
    assert (await owner.delete(f"/conversations/{conversation_id}")).status_code == 204
    assert (await owner.get(f"/conversations/{conversation_id}")).status_code == 404
    assert (await owner.get(f"/messages/{messages[0]['id']}")).status_code == 404
    assert await found(owner, CANARY) == []
    (item,) = await trash(owner)
    assert (item["title"], item["message_count"]) == ("Marzipan", len(messages))
    assert str(item["purge_at"]) > str(item["deleted_at"])
    answer = await owner.post(f"/trash/{item['id']}/restore")
    assert (answer.status_code, answer.json()["id"]) == (200, conversation_id)
    assert await exported(owner, conversation_id) == before
    assert {hit["conversation_id"] for hit in await found(owner, f"in:archive {CANARY}")} == {conversation_id}
    assert await trash(owner) == []
    assert (await owner.post(f"/trash/{item['id']}/restore")).status_code == 404


async def test_a_conversation_can_be_deleted_again_and_again(owner: Person) -> None:
    conversation_id = await talk(owner, "Boats", "Where to?", "To the sea.")
    for _ in range(3):
        assert (await owner.delete(f"/conversations/{conversation_id}")).status_code == 204
        (item,) = await trash(owner)
        assert (await owner.post(f"/trash/{item['id']}/restore")).json()["id"] == conversation_id


async def test_a_long_conversation_comes_back_whole(owner: Person, api: Api) -> None:
    conversation_id = await talk(owner, "Long", "first")
    services = api.app.state.services
    rows = [
        {"id": new_id(), "conversation_id": conversation_id, "user_id": owner.user["id"], "role": "user"}
        | {"content": f"line {number}", "state": "complete", "usage_estimated": False}
        | {"created_at": now(), "updated_at": now()}
        for number in range(2_500)
    ]

    def fill(session: Session) -> None:
        session.execute(metadata.tables["messages"].insert(), rows)
        session.execute(update(Conversation).values(message_count=2_501))

    await services.database.write(fill)
    before = await exported(owner, conversation_id)
    await owner.delete(f"/conversations/{conversation_id}")
    await owner.post(f"/trash/{(await trash(owner))[0]['id']}/restore")
    after = await exported(owner, conversation_id)
    assert sorted(str(each) for each in after.pop("messages")) == sorted(str(each) for each in before.pop("messages"))  # type: ignore[attr-defined]
    assert after["current_leaf_id"] == before["current_leaf_id"]
    assert (await owner.get(f"/conversations/{conversation_id}")).json()["message_count"] == 2_501


async def test_what_took_its_place_meanwhile_stays(owner: Person) -> None:
    conversation_id = await grown(owner)
    packed = await owner.get(f"/conversations/{conversation_id}/export")
    await owner.delete(f"/conversations/{conversation_id}")
    files = {"file": ("talk.json", packed.content, "application/json")}
    job = (await owner.request("POST", "/import", files=files)).json()["id"]
    while (await owner.get(f"/import/{job}")).json()["state"] in {"queued", "running"}:
        pass
    (item,) = await trash(owner)
    assert (await owner.post(f"/trash/{item['id']}/restore")).json()["id"] == conversation_id
    assert (await owner.get("/conversations?archived=true")).json()["items"][0]["message_count"] == 5


async def test_the_trash_is_emptied_one_by_one_and_at_once(owner: Person, member: Person) -> None:
    for person in (owner, member):
        for number in range(3):
            await person.delete(f"/conversations/{await talk(person, f'talk {number}', 'hello')}")
    first = (await trash(owner))[0]
    assert (await member.delete(f"/trash/{first['id']}")).status_code == 404
    assert (await owner.delete(f"/trash/{first['id']}")).status_code == 204
    assert [each["title"] for each in await trash(owner)] == ["talk 1", "talk 0"]
    assert (await owner.delete("/trash")).status_code == 204
    assert (len(await trash(owner)), len(await trash(member))) == (0, 3)


async def test_the_trash_is_paged(owner: Person) -> None:
    for number in range(5):
        await owner.delete(f"/conversations/{await talk(owner, f'talk {number}', 'hello')}")
    titles, cursor = [], ""
    for _ in range(3):
        answer = (await owner.get(f"/trash?limit=2{cursor}")).json()
        titles += [each["title"] for each in answer["items"]]
        cursor = f"&cursor={answer['next_cursor']}"
    assert (titles, answer["next_cursor"]) == ([f"talk {number}" for number in (4, 3, 2, 1, 0)], None)


async def test_what_is_purged_or_empty_never_lies_in_the_trash(owner: Person) -> None:
    await owner.delete(f"/conversations/{await talk(owner, 'Empty')}")
    await owner.delete(f"/conversations/{await talk(owner, 'Purged', 'hello')}?purge=true")
    assert await trash(owner) == []


async def test_an_answer_that_is_being_written_stops_and_comes_back_interrupted(owner: Person, api: Api) -> None:
    meta = (await owner.ask("hello"))[0].data
    services = api.app.state.services
    messages = metadata.tables["messages"]
    half = update(messages).where(messages.c.id == meta["assistant_message_id"]).values(state="streaming")
    await services.database.write(lambda session: session.execute(half) and None)
    await owner.delete(f"/conversations/{meta['conversation_id']}")
    await owner.post(f"/trash/{(await trash(owner))[0]['id']}/restore")
    assert (await owner.get(f"/messages/{meta['assistant_message_id']}")).json()["state"] == "interrupted"


async def test_what_lay_long_enough_is_gone(owner: Person, api: Api) -> None:
    await owner.delete(f"/conversations/{await talk(owner, 'Old', 'hello')}")
    await owner.delete(f"/conversations/{await talk(owner, 'New', 'hello')}")
    services, table = api.app.state.services, metadata.tables["trashed_conversations"]
    aged = update(table).where(table.c.title == "Old").values(deleted_at=now() - timedelta(days=30, seconds=1))
    await services.database.write(lambda session: session.execute(aged) and None)
    await services.keeping.tidy()
    assert [each["title"] for each in await trash(owner)] == ["New"]


async def age(api: Api, conversation_id: str, days: float) -> None:
    statement = update(Conversation).where(Conversation.id == conversation_id)
    moment = now() - timedelta(days=days)
    services = api.app.state.services
    await services.database.write(lambda session: session.execute(statement.values(updated_at=moment)) and None)


async def test_what_one_wants_kept_no_longer_goes_to_the_trash(owner: Person, member: Person, api: Api) -> None:
    assert (await owner.request("PUT", "/keeping", json={"keep_days": 30})).json()["keep_days"] == 30
    mine, theirs = await talk(owner, "Old", "hello"), await talk(member, "Old", "hello")
    young, pinned = await talk(owner, "Young", "hello"), await talk(owner, "Pinned", "hello")
    await owner.patch(f"/conversations/{pinned}", {"pinned": True})
    for conversation_id, days in ((mine, 30.1), (theirs, 30.1), (young, 29.9), (pinned, 400.0)):
        await age(api, conversation_id, days)
    await api.app.state.services.keeping.tidy()
    assert {each["title"] for each in (await owner.get("/conversations")).json()["items"]} == {"Young", "Pinned"}
    assert [each["title"] for each in (await member.get("/conversations")).json()["items"]] == ["Old"]
    (item,) = await trash(owner)
    # What is fetched out stays, however old it is.
    await owner.post(f"/trash/{item['id']}/restore")
    await api.app.state.services.keeping.tidy()
    assert len((await owner.get("/conversations")).json()["items"]) == 3
    (entry,) = (await owner.get("/admin/audit?action=conversation.expired")).json()["items"]
    assert (entry["target_id"], entry["detail"]) == (owner.user["id"], {"count": 1})


@pytest.fixture
async def strict(tmp_path: Path) -> AsyncIterator[Api]:
    """An installation without a trash, whose administrator keeps nothing for more than ten days."""
    names = {"TRASH_DAYS": "0", "RETENTION_DAYS": "10", "TEMPORARY_SECONDS": "100"}
    async with running_app(migrated(settings_for(tmp_path, **names))) as running:
        yield running


async def test_the_administrator_sets_how_long(strict: Api) -> None:
    owner = await strict.bootstrap()
    told = {"keep_days": None, "trash_days": 0, "retention_days": 10, "temporary_seconds": 100}
    assert (await owner.get("/keeping")).json() == told
    told["keep_days"] = 365
    assert (await owner.request("PUT", "/keeping", json={"keep_days": 365})).json() == told
    assert (await owner.get("/keeping")).json() == told
    for wrong in ({"keep_days": 0}, {"keep_days": 40_000}, {}, {"keep_days": "long"}):
        assert (await owner.request("PUT", "/keeping", json=wrong)).status_code == 422
    for number in range(45):
        await age(strict, await talk(owner, f"Old {number}", "hello"), 10.1)
    await talk(owner, "Young", "hello")
    await strict.app.state.services.keeping.tidy()
    assert [each["title"] for each in (await owner.get("/conversations")).json()["items"]] == ["Young"]
    assert await trash(owner) == []


async def temporary(person: Person, question: str = CANARY) -> list[Event]:
    return await person.ask(question, temporary=True)


def home_of(events: list[Event]) -> str:
    return str(events[0].data["conversation_id"])


async def test_a_temporary_conversation_is_on_no_list_and_in_nothing_that_is_taken_along(owner: Person) -> None:
    conversation_id = home_of(await temporary(owner))
    more = {"conversation_id": conversation_id, "require_conversation": True}
    assert (await owner.ask(f"more of {CANARY}", **more))[-1].data["status"] == "complete"
    detail = (await owner.get(f"/conversations/{conversation_id}")).json()
    assert (detail["temporary"], detail["use_memory"], detail["message_count"]) == (True, False, 4)
    for archived in ("true", "false"):
        assert (await owner.get(f"/conversations?archived={archived}")).json()["items"] == []
    assert await found(owner, CANARY) == []
    packed = zipfile.ZipFile(BytesIO((await owner.get("/export")).content))
    assert not any(CANARY in packed.read(name).decode() for name in packed.namelist())
    assert (await owner.delete(f"/conversations/{conversation_id}")).status_code == 204
    assert await trash(owner) == []


async def test_what_is_temporary_can_be_kept_and_not_the_other_way_round(owner: Person) -> None:
    conversation_id = home_of(await temporary(owner))
    kept = await owner.patch(f"/conversations/{conversation_id}", {"temporary": False})
    assert (kept.status_code, kept.json()["temporary"]) == (200, False)
    assert [each["id"] for each in (await owner.get("/conversations")).json()["items"]] == [conversation_id]
    assert len(await found(owner, CANARY)) > 0
    answer = await owner.patch(f"/conversations/{conversation_id}", {"temporary": True})
    assert (answer.status_code, answer.json()["code"]) == (409, "CONFLICT")
    # What is there stays what it is.
    await owner.ask("again", conversation_id=conversation_id, temporary=True)
    assert (await owner.get(f"/conversations/{conversation_id}")).json()["temporary"] is False


async def test_a_temporary_conversation_ends_by_itself_and_leaves_nothing(owner: Person, api: Api) -> None:
    services = api.app.state.services
    over, fresh = home_of(await temporary(owner)), home_of(await temporary(owner, "fresh"))
    running = home_of(await temporary(owner, "running"))
    kept = home_of(await owner.ask("kept"))
    for conversation_id in (over, running, kept):
        await age(api, conversation_id, 0.05)
    busy = update(Conversation).where(Conversation.id == running).values(active_generation_id=new_id())
    await services.database.write(lambda session: session.execute(busy) and None)
    assert await services.keeping.end_temporary() == 1

    def left(session: Session) -> set[str]:
        return set(session.scalars(select(Conversation.id)))

    assert await services.database.read(left) == {fresh, running, kept}

    def traces(session: Session) -> str:
        tables = [table for table in metadata.sorted_tables if table.name != "audit_entries"]
        return json.dumps([[str(row) for row in session.execute(select(table))] for table in tables])

    assert CANARY not in await services.database.read(traces)


async def test_many_temporary_conversations_end_at_once(strict: Api) -> None:
    owner = await strict.bootstrap()
    for number in range(45):
        await talk(owner, f"talk {number}", "hello")
    services = strict.app.state.services
    over = update(Conversation).values(temporary=True, updated_at=now() - timedelta(seconds=101))
    await services.database.write(lambda session: session.execute(over) and None)
    await services.keeping.end_temporary()
    assert await services.database.read(lambda session: session.scalars(select(Conversation.id)).all()) == []
