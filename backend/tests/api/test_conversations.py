"""Conversations and messages at the door: one's own, paged, changed, deleted; another's are not there."""

import pytest
from app.core.clock import now
from app.domain.conversations import service
from sqlalchemy.orm import Session

from tests.client import Api, Person

pytestmark = pytest.mark.asyncio
RANDOM = "0198a000-0000-7000-8000-000000000000"


async def make(person: Person, title: str, *texts: str) -> str:
    conversation = (await person.post("/conversations", {"title": title})).json()
    for place, text in enumerate(texts):
        body = {"role": "assistant" if place % 2 else "user", "content": text}
        assert (await person.post(f"/conversations/{conversation['id']}/messages", body)).status_code == 201
    return str(conversation["id"])


def deepen(session: Session, person: Person, conversation_id: str, depth: int) -> None:
    conversation = service.get(session, str(person.user["id"]), conversation_id)
    parent_id: str | None = None
    for number in range(depth):
        added = service.append(session, conversation, parent_id=parent_id, role="user", content=str(number), now=now())
        parent_id = added.id


async def test_a_list_is_paged_newest_activity_first(owner: Person) -> None:
    ids = [await make(owner, f"talk {number}") for number in range(5)]
    await owner.post(f"/conversations/{ids[0]}/messages", {"role": "user", "content": "again"})
    expected = [ids[0], ids[4], ids[3], ids[2], ids[1]]
    seen: list[str] = []
    cursor = ""
    while True:
        page = (await owner.get(f"/conversations?limit=2{cursor}")).json()
        seen += [item["id"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert seen == expected
    found = (await owner.get("/conversations?q=TALK 3")).json()["items"]
    assert [item["id"] for item in found] == [ids[3]]
    assert (await owner.get("/conversations?q=%25")).json()["items"] == []


async def test_the_pinned_are_listed_by_themselves_and_the_others_too(owner: Person) -> None:
    ids = [await make(owner, f"talk {number}") for number in range(3)]
    await owner.patch(f"/conversations/{ids[1]}", {"pinned": True})
    listed = {
        query: [item["id"] for item in (await owner.get(f"/conversations?{query}")).json()["items"]]
        for query in ("pinned=true", "pinned=false", "")
    }
    assert listed == {"pinned=true": [ids[1]], "pinned=false": [ids[2], ids[0]], "": [ids[2], ids[1], ids[0]]}


async def test_a_conversation_is_renamed_archived_and_deleted(owner: Person) -> None:
    conversation_id = await make(owner, "old name", "hello")
    changed = await owner.patch(f"/conversations/{conversation_id}", {"title": " new name ", "pinned": True})
    assert (changed.json()["title"], changed.json()["pinned"]) == ("new name", True)
    await owner.patch(f"/conversations/{conversation_id}", {"archived": True})
    assert (await owner.get("/conversations")).json()["items"] == []
    archived = (await owner.get("/conversations?archived=true")).json()["items"]
    assert [item["id"] for item in archived] == [conversation_id]
    message = (await owner.get(f"/conversations/{conversation_id}/messages")).json()["items"][0]
    assert (await owner.delete(f"/conversations/{conversation_id}")).status_code == 204
    for path in (f"/conversations/{conversation_id}", f"/messages/{message['id']}"):
        assert (await owner.get(path)).status_code == 404
    for bad in ({"title": None}, {"title": ""}, {"user_id": RANDOM}, {"current_leaf_id": RANDOM}, {"pinned": "yes"}):
        other = await make(owner, "x")
        assert (await owner.patch(f"/conversations/{other}", bad)).status_code == 422, bad


async def test_messages_form_a_path_and_are_paged_root_first(owner: Person) -> None:
    conversation_id = await make(owner, "talk", *[f"m{number}" for number in range(7)])
    first = (await owner.get(f"/conversations/{conversation_id}/messages?limit=4")).json()
    rest = (await owner.get(f"/conversations/{conversation_id}/messages?limit=4&cursor={first['next_cursor']}")).json()
    items = first["items"] + rest["items"]
    assert [item["content"] for item in items] == [f"m{number}" for number in range(7)]
    assert [item["parent_id"] for item in items] == [None, *(item["id"] for item in items[:-1])]
    assert rest["next_cursor"] is None
    assert items[0]["state"] == "complete"
    detail = (await owner.get(f"/conversations/{conversation_id}")).json()
    assert (detail["message_count"], detail["current_leaf_id"]) == (7, items[-1]["id"])
    part = (await owner.get(f"/conversations/{conversation_id}/messages?leaf={items[2]['id']}")).json()["items"]
    assert [item["id"] for item in part] == [item["id"] for item in items[:3]]


async def test_deleting_a_message_takes_what_follows(owner: Person) -> None:
    conversation_id = await make(owner, "talk", "a", "b", "c", "d")
    items = (await owner.get(f"/conversations/{conversation_id}/messages")).json()["items"]
    assert (await owner.delete(f"/messages/{items[2]['id']}")).status_code == 204
    left = (await owner.get(f"/conversations/{conversation_id}/messages?all=true")).json()["items"]
    assert [item["content"] for item in left] == ["a", "b"]
    detail = (await owner.get(f"/conversations/{conversation_id}")).json()
    assert (detail["message_count"], detail["current_leaf_id"]) == (2, items[1]["id"])
    assert (await owner.delete(f"/messages/{items[0]['id']}")).status_code == 204
    empty = (await owner.get(f"/conversations/{conversation_id}")).json()
    assert (empty["message_count"], empty["current_leaf_id"]) == (0, None)


async def test_a_message_is_edited_and_rated(owner: Person) -> None:
    conversation_id = await make(owner, "talk", "a", "b")
    answer = (await owner.get(f"/conversations/{conversation_id}/messages")).json()["items"][1]
    rated = await owner.patch(f"/messages/{answer['id']}", {"feedback": {"rating": "good", "note": "clear"}})
    assert rated.json()["feedback"] == {"rating": "good", "note": "clear"}
    edited = await owner.patch(f"/messages/{answer['id']}", {"content": "better"})
    assert (edited.json()["content"], edited.json()["feedback"]["rating"]) == ("better", "good")
    assert (await owner.patch(f"/messages/{answer['id']}", {"feedback": None})).json()["feedback"] is None
    for bad in ({"content": " "}, {"content": None}, {"state": "error"}, {"feedback": {"rating": "fine"}}):
        assert (await owner.patch(f"/messages/{answer['id']}", bad)).status_code == 422


async def test_a_deep_conversation_is_read_and_deleted(api: Api, owner: Person) -> None:
    conversation_id = await make(owner, "deep")
    await api.app.state.services.database.write(lambda session: deepen(session, owner, conversation_id, 3000))
    page = (await owner.get(f"/conversations/{conversation_id}/messages?limit=200")).json()
    assert (page["items"][0]["content"], len(page["items"])) == ("0", 200)
    assert (await owner.delete(f"/messages/{page['items'][100]['id']}")).status_code == 204
    assert (await owner.get(f"/conversations/{conversation_id}")).json()["message_count"] == 100
    assert (await owner.delete(f"/conversations/{conversation_id}")).status_code == 204


async def test_what_is_another_persons_is_not_there(api: Api, owner: Person, member: Person) -> None:
    conversation_id = await make(owner, "private", "secret question")
    message_id = (await owner.get(f"/conversations/{conversation_id}/messages")).json()["items"][0]["id"]
    conversation, message = "/conversations/{}", "/messages/{}"
    calls: list[tuple[str, str, str, object]] = [
        ("GET", conversation, conversation_id, None),
        ("PATCH", conversation, conversation_id, {"title": "mine"}),
        ("DELETE", conversation, conversation_id, None),
        ("GET", f"{conversation}/messages", conversation_id, None),
        ("POST", f"{conversation}/messages", conversation_id, {"role": "user", "content": "x"}),
        ("GET", message, message_id, None),
        ("PATCH", message, message_id, {"content": "x"}),
        ("DELETE", message, message_id, None),
    ]
    for method, path, own_id, body in calls:
        sent = {"json": body} if body else {}
        answers = [await member.request(method, path.format(found), **sent) for found in (own_id, RANDOM, "nonsense")]
        assert {answer.status_code for answer in answers} == {404}, (method, path)
        assert len({(answer.json()["code"], answer.json()["message"]) for answer in answers}) == 1
        assert (await api.http.request(method, path.format(own_id), json=body)).status_code == 401
    assert (await member.get("/conversations")).json()["items"] == []
    assert (await owner.get(f"/messages/{message_id}")).json()["content"] == "secret question"
