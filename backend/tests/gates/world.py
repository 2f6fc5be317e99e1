"""Two people with things of their own, an admin, and an example of every call; for tests that walk all doors."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.api.doors import DoorRoute, declared_doors
from app.core.ids import new_id
from app.tables import metadata
from app.wiring import engine_of
from sqlalchemy import Column, Table, select

from tests.client import PASSWORD, Api, Json, Person

CANARY = "the-words-of-anna-8f3a"
PARAMETER = re.compile(r"\{(\w+)\}")
EXAMPLES: dict[str, Json | None] = {
    "add_memory": {"content": "I like boats"},
    "append_message": {"role": "user", "content": "hello"},
    "ask": {"message": {"content": "hello"}, "conversation_id": "{conversation_id}", "require_conversation": True},
    "bootstrap": {"username": "another", "password": PASSWORD},
    "change_memory": {"content": "I like ships"},
    "change_password": {"current_password": PASSWORD, "new_password": "another horse battery"},
    "continue_answer": {"conversation_id": "{conversation_id}", "message_id": "{message_id}"},
    "create_conversation": {"title": "mine"},
    "create_invite": {},
    "login": {"username": "nobody", "password": "wrong wrong wrong"},
    "preview_invite": {"invite_code": "none"},
    "prove_password": {"password": PASSWORD},
    "refresh": {"refresh_token": "none"},
    "register": {"invite_code": "none", "username": "another", "password": PASSWORD},
    "reset_password": {"token": "none", "new_password": "another horse battery"},
    "retry": {"conversation_id": "{conversation_id}", "message_id": "{message_id}"},
    "set_keeping": {"keep_days": 365},
    "set_quota": {"messages_per_day": 3, "tokens_per_day": None},
    "update_conversation": {"title": "changed"},
    "update_me": {"display_name": "changed"},
    "update_message": {"content": "changed"},
    "update_user": {"display_name": "changed"},
}
"""A body that fits, by operation; a door with a body and without an example makes the walk fail."""
FILE = {"file": ("talk.json", CANARY.encode(), "application/json")}
ENDING = frozenset({"logout", "close_account", "change_password", "end_other_sessions"})
"""What ends the caller's own sign-in: it is called by somebody who is made for it."""


@dataclass
class Owned:
    """Ids of one person's things."""

    conversation_id: str
    message_id: str
    generation_id: str
    session_id: str
    user_id: str
    invite_id: str
    import_id: str
    memory_id: str
    trashed_id: str

    @classmethod
    def random(cls) -> "Owned":
        """Ids of nothing."""
        return cls(*(new_id() for _ in range(9)))

    def fill(self, text: str) -> str:
        """Put the ids where a path or a body names them."""
        return PARAMETER.sub(lambda found: str(getattr(self, found[1], "lmstudio")), text)


@dataclass
class World:
    """The application and its people."""

    api: Api
    owner: Person
    anna: Person
    bert: Person
    annas: Owned
    berts: Owned
    made: int = field(default=0)

    async def fresh(self, role: str) -> Person:
        """Somebody new."""
        self.made += 1
        code = await self.api.invite(self.owner, role=role)
        body = {"invite_code": code, "username": f"fresh-{self.made}", "password": PASSWORD}
        signed: Json = (await self.api.http.post("/auth/register", json=body)).json()
        return Person(self.api.http, signed["user"], {"Authorization": f"Bearer {signed['access_token']}"})  # type: ignore[arg-type]

    def doors(self) -> dict[tuple[str, str], DoorRoute]:
        """Every door by method and path."""
        return declared_doors(self.api.app)

    def rows_of(self, user_id: str) -> dict[str, list[tuple[object, ...]]]:
        """Every row of every table that names a person, as long as they do nothing but ask.

        The audit log, which only grows, and when a sign-in was last seen, which is noted once a minute, stand aside.
        """
        engine = engine_of(self.api.app.state.services.settings)
        with engine.connect() as connection:
            found = {
                table.name: [tuple(row) for row in connection.execute(select(*_kept(table))) if user_id in row]
                for table in metadata.sorted_tables
                if table.name != "audit_entries"
            }
        engine.dispose()
        return found


def _kept(table: Table) -> list[Column[Any]]:
    return [column for column in table.columns if column.name != "last_seen_at"]


async def make_world(api: Api) -> World:
    """Bring two people in and let each ask something."""
    owner = await api.bootstrap()
    anna, bert = await api.join(owner, "anna"), await api.join(owner, "bert")
    return World(api, owner, anna, bert, await _things_of(owner, anna), await _things_of(owner, bert))


async def _things_of(owner: Person, person: Person) -> Owned:
    meta = (await person.ask(CANARY))[0].data
    session = (await person.get("/auth/sessions")).json()["items"][0]
    invite = (await owner.get("/admin/invites")).json()["items"][0]
    memory = (await person.post("/memory", {"content": f"{CANARY} of {person.user['username']}"})).json()
    imported = (await person.request("POST", "/import?dry_run=true", files=FILE)).json()
    doomed = str((await person.ask(f"{CANARY} to be deleted"))[0].data["conversation_id"])
    assert (await person.delete(f"/conversations/{doomed}")).status_code == 204
    trashed = (await person.get("/trash")).json()["items"][0]
    return Owned(
        conversation_id=str(meta["conversation_id"]),
        message_id=str(meta["assistant_message_id"]),
        generation_id=str(meta["generation_id"]),
        session_id=session["id"],
        user_id=str(person.user["id"]),
        invite_id=invite["id"],
        import_id=imported["id"],
        memory_id=memory["id"],
        trashed_id=trashed["id"],
    )


def example(route: DoorRoute) -> Json | None:
    """A body that fits a door; what a door that takes a file gets is FILE."""
    if route.body_field is None or route.door.takes == "file":
        return None
    assert route.operation_id in EXAMPLES, f"{route.operation_id} needs an example in {Path(__file__).name}"
    return EXAMPLES[route.operation_id]
