"""The door of what is remembered: list, add, read, change, forget."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response
from pydantic import StringConstraints

from app.api.deps import CurrentUser, Paging, Tx, Wired
from app.api.doors import DoorRoute, door
from app.api.schemas import Page, WireIn, WireOut, errors, page
from app.core.clock import now
from app.core.errors import InvalidFields
from app.domain.memories import repository
from app.domain.memories import service as memories
from app.domain.memories.errors import MemoryFull, MemoryMissing
from app.domain.memories.rules import CHARS, Source

router = APIRouter(prefix="/memory", tags=["memory"], route_class=DoorRoute)

Content = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=CHARS)]


class MemoryOut(WireOut):
    id: str
    content: str
    source: Source
    conversation_id: str | None
    message_id: str | None
    created_at: datetime
    updated_at: datetime
    last_used_at: datetime | None


class MemoryStanding(WireOut):
    """How memories are found now; `model` is the embedding model, `notice` what is wrong with the store."""

    by: Literal["meaning", "words", "nothing"]
    model: str | None
    store: str | None
    notice: str | None


class MemoryIn(WireIn):
    content: Content
    project_id: None = None


class MemoryChanges(WireIn):
    content: Content


@router.get("", operation_id="list_memories")
@door("user", whose="caller", limit="read")
async def list_memories(
    user: CurrentUser, tx: Tx, paging: Paging, q: Annotated[str | None, Query(max_length=200)] = None
) -> Page[MemoryOut]:
    """What is remembered of the caller, newest first; with `q`, what holds all of its words."""
    found = await tx.read(lambda session: memories.read_page(session, user.user_id, paging, q))
    return page(found, MemoryOut.model_validate)


@router.post(
    "",
    operation_id="add_memory",
    status_code=201,
    responses={200: {"model": MemoryOut, "description": "It is there already"}, **errors(InvalidFields, MemoryFull)},
)
@door("user", whose="caller", limit="write")
async def add_memory(body: MemoryIn, user: CurrentUser, tx: Tx, response: Response) -> MemoryOut:
    """Remember something; 200 when it is remembered already."""
    kept, new = await tx.write(lambda session: memories.keep(session, user.user_id, body.content, "manual", now()))
    response.status_code = 201 if new else 200
    return MemoryOut.model_validate(kept)


@router.delete("", operation_id="forget_everything", status_code=204)
@door("user", whose="caller", limit="write")
async def forget_everything(user: CurrentUser, tx: Tx, wired: Wired) -> Response:
    """Forget everything about the caller."""
    await tx.write(lambda session: repository.delete_all(session, user.user_id))
    await wired.memory.purge()
    return Response(status_code=204)


@router.get("/state", operation_id="get_memory_state")
@door("user", whose="nobody", limit="read")
async def memory_state(_user: CurrentUser, wired: Wired) -> MemoryStanding:
    """How memories are found."""
    found = await wired.memory.standing()
    if found is None:
        return MemoryStanding(by="nothing", model=None, store=None, notice=None)
    return MemoryStanding(
        by="meaning" if found.model else "words", model=found.model, store=found.store, notice=found.notice
    )


@router.get("/{memory_id}", operation_id="read_memory", responses=errors(MemoryMissing))
@door("user", whose="by id", limit="read")
async def read_memory(memory_id: str, user: CurrentUser, tx: Tx) -> MemoryOut:
    """One memory."""
    return MemoryOut.model_validate(await tx.read(lambda session: memories.get(session, user.user_id, memory_id)))


@router.patch("/{memory_id}", operation_id="change_memory", responses=errors(MemoryMissing, InvalidFields))
@door("user", whose="by id", limit="write")
async def change_memory(memory_id: str, body: MemoryChanges, user: CurrentUser, tx: Tx, wired: Wired) -> MemoryOut:
    """Say a memory otherwise."""
    changed = await tx.write(lambda session: memories.change(session, user.user_id, memory_id, body.content, now()))
    await wired.memory.follow(user.user_id)
    return MemoryOut.model_validate(changed)


@router.delete("/{memory_id}", operation_id="forget_memory", status_code=204, responses=errors(MemoryMissing))
@door("user", whose="by id", limit="write")
async def forget_memory(memory_id: str, user: CurrentUser, tx: Tx, wired: Wired) -> Response:
    """Forget one memory."""
    await tx.write(lambda session: memories.forget(session, user.user_id, memory_id))
    await wired.memory.follow(user.user_id)
    return Response(status_code=204)
