"""The door of admins to people: who there is, what they may do and use. Shows nobody's conversations."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from pydantic import Field

from app.api.admin import home_of
from app.api.auth import DisplayName
from app.api.deps import Acting, CurrentUser, Paging, Tx, Wired
from app.api.doors import DoorRoute, door
from app.api.schemas import Page, WireIn, WireOut, errors, page
from app.auth.errors import ReauthRequired
from app.core.errors import InvalidFields
from app.domain.accounts import service as accounts
from app.domain.accounts.errors import LastAdmin, UserMissing
from app.domain.accounts.models import User
from app.domain.accounts.rules import Role, UserStatus
from app.domain.quotas.rules import Limits

router = APIRouter(prefix="/admin", tags=["admin"], route_class=DoorRoute)

Count = Annotated[int | None, Field(ge=0, le=2**53)]


class AdminUser(WireOut):
    """A person as admins see them."""

    id: str
    username: str
    display_name: str
    role: Role
    status: UserStatus
    created_at: datetime
    last_seen_at: datetime | None


class UserChanges(WireIn):
    status: UserStatus | None = None
    role: Role | None = None
    display_name: DisplayName | None = None


class ResetMade(WireOut):
    """The token and the link are shown this once."""

    token: str
    link: str
    expires_at: datetime


class QuotaIn(WireIn):
    """null is no limit."""

    messages_per_day: Count
    tokens_per_day: Count


class QuotaOut(WireOut):
    user_id: str
    messages_per_day: int | None
    tokens_per_day: int | None
    is_default: bool


def _item(row: tuple[User, datetime | None]) -> AdminUser:
    user, last_seen_at = row
    columns = {name: getattr(user, name) for name in AdminUser.model_fields if name != "last_seen_at"}
    return AdminUser.model_validate({**columns, "last_seen_at": last_seen_at})


@router.get("/users", operation_id="list_users")
@door("admin", whose="everybody", limit="read")
async def list_users(
    tx: Tx,
    paging: Paging,
    q: Annotated[str | None, Query(max_length=100)] = None,
    status: Annotated[Literal["active", "disabled"] | None, Query()] = None,
) -> Page[AdminUser]:
    """People, newest account first; `q` looks in both names."""
    return page(await tx.read(lambda session: accounts.list_users(session, paging, q=q, status=status)), _item)


@router.get("/users/{user_id}", operation_id="get_user", responses=errors(UserMissing))
@door("admin", whose="everybody", limit="read")
async def get_user(user_id: str, tx: Tx) -> AdminUser:
    """One person."""
    return _item(await tx.read(lambda session: accounts.get_user_seen(session, user_id)))


@router.patch("/users/{user_id}", operation_id="update_user", responses=errors(UserMissing, LastAdmin, ReauthRequired))
@door("admin", whose="everybody", limit="write")
async def update_user(user_id: str, body: UserChanges, user: CurrentUser, wired: Wired, source: Acting) -> AdminUser:
    """Change a person's role, status or display name; a role needs a fresh password proof."""
    changes = body.changes()
    if nulls := {field: "must not be null" for field, value in changes.items() if value is None}:
        raise InvalidFields(nulls)
    if "role" in changes:
        wired.sessions.require_proof(user)
    return _item(await wired.administration.change_user(user_id, changes, source))


@router.delete(
    "/users/{user_id}", status_code=204, operation_id="delete_user", responses=errors(UserMissing, LastAdmin)
)
@door("admin", whose="everybody", limit="write")
async def delete_user(user_id: str, wired: Wired, source: Acting) -> None:
    """Delete a person with everything that is theirs."""
    await wired.removal.delete_person(user_id, source)


@router.post(
    "/users/{user_id}/revoke-sessions",
    status_code=204,
    operation_id="revoke_user_sessions",
    responses=errors(UserMissing),
)
@door("admin", whose="everybody", limit="write")
async def revoke_user_sessions(user_id: str, wired: Wired, source: Acting) -> None:
    """End every sign-in of a person."""
    await wired.administration.revoke_sessions(user_id, source)


@router.post(
    "/users/{user_id}/reset-password",
    status_code=201,
    operation_id="make_password_reset",
    responses=errors(UserMissing, ReauthRequired),
)
@door("admin", whose="everybody", limit="write")
async def make_password_reset(
    user_id: str, user: CurrentUser, tx: Tx, wired: Wired, request: Request, source: Acting
) -> ResetMade:
    """Make a one-time link with which a person sets a new password; an admin's needs a fresh password proof.

    Earlier links of the person are void.
    """
    person = await tx.read(lambda session: accounts.get_user(session, user_id))
    if person.role == "admin":
        wired.sessions.require_proof(user)
    reset, token = await wired.administration.make_reset(user_id, source)
    link = f"{home_of(wired, request)}/#/reset?token={token}"
    return ResetMade(token=token, link=link, expires_at=reset.expires_at)


@router.get("/quotas/{user_id}", operation_id="get_quota", responses=errors(UserMissing))
@door("admin", whose="everybody", limit="read")
async def get_quota(user_id: str, wired: Wired) -> QuotaOut:
    """What a person may use in a day."""
    limits, is_default = await wired.administration.limits(user_id)
    return _quota(user_id, limits, is_default=is_default)


@router.put("/quotas/{user_id}", operation_id="set_quota", responses=errors(UserMissing))
@door("admin", whose="everybody", limit="write")
async def set_quota(user_id: str, body: QuotaIn, wired: Wired, source: Acting) -> QuotaOut:
    """Give a person limits of their own."""
    limits = Limits(body.messages_per_day, body.tokens_per_day)
    await wired.administration.set_limits(user_id, limits, source)
    return _quota(user_id, limits, is_default=False)


@router.delete("/quotas/{user_id}", status_code=204, operation_id="reset_quota", responses=errors(UserMissing))
@door("admin", whose="everybody", limit="write")
async def reset_quota(user_id: str, wired: Wired, source: Acting) -> None:
    """Give a person the default limits again."""
    await wired.administration.set_limits(user_id, None, source)


def _quota(user_id: str, limits: Limits, *, is_default: bool) -> QuotaOut:
    return QuotaOut(
        user_id=user_id,
        messages_per_day=limits.messages,
        tokens_per_day=limits.tokens,
        is_default=is_default,
    )
