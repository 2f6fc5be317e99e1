"""The door of one's own account: profile, password, sign-ins, closing it."""

import json
from datetime import datetime

from fastapi import APIRouter, Response
from pydantic import Field

from app.api.auth import DisplayName, Password, Preferences, SignIn, UserOut, signed_in
from app.api.deps import Acting, CurrentUser, Paging, Tx, Wired
from app.api.doors import PLAIN, DoorRoute, door
from app.api.schemas import Page, WireIn, WireOut, errors, page
from app.auth.errors import InvalidCredentials, ReauthRequired
from app.auth.principal import Transport
from app.core.clock import now
from app.core.errors import InvalidFields, Overloaded
from app.domain.accounts import service as accounts
from app.domain.accounts.errors import AccountLocked, LastAdmin, SessionMissing
from app.domain.accounts.models import LoginSession, User
from app.domain.accounts.rules import MAX_PREFERENCES_BYTES

router = APIRouter(prefix="/auth", tags=["auth"], route_class=DoorRoute)


class ProfileIn(WireIn):
    display_name: DisplayName | None = None
    default_provider: str | None = Field(None, max_length=64)
    default_model: str | None = Field(None, max_length=200)
    preferences: Preferences | None = None


class NewPasswordIn(WireIn):
    current_password: Password
    new_password: Password


class ProofIn(WireIn):
    password: Password


class SessionItem(WireOut):
    """A sign-in; `device` is its user agent."""

    id: str
    current: bool
    transport: Transport
    device: str
    address: str
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime


@router.get("/me", operation_id="get_me")
@door("user", whose="caller", limit="read")
async def me(user: CurrentUser, tx: Tx) -> UserOut:
    """The caller."""
    return UserOut.model_validate(await tx.read(lambda session: session.get_one(User, user.user_id)))


@router.patch("/me", operation_id="update_me")
@door("user", whose="caller", limit="write", size=PLAIN)
async def update_me(body: ProfileIn, user: CurrentUser, tx: Tx) -> UserOut:
    """Change one's own profile."""
    changes = body.changes()
    for field in ("display_name", "preferences"):
        if field in changes and changes[field] is None:
            raise InvalidFields({field: "must not be null"})
    if body.preferences is not None:
        changes["preferences"] = _storable(body.preferences)
    row = await tx.write(lambda session: accounts.update_profile(session, user.user_id, changes, now()))
    return UserOut.model_validate(row)


@router.delete("/me", status_code=204, operation_id="close_account", responses=errors(LastAdmin, ReauthRequired))
@door("user", whose="caller", limit="write")
async def close_account(user: CurrentUser, response: Response, wired: Wired, source: Acting) -> None:
    """Delete one's own account with everything in it."""
    wired.sessions.require_proof(user)
    await wired.removal.delete_person(user.user_id, source)
    if user.transport == "session":
        wired.cookies.put_session(response, "", 0)


@router.post(
    "/password",
    operation_id="change_password",
    responses=errors(InvalidCredentials, AccountLocked, Overloaded),
)
@door("user", whose="caller", limit="auth")
async def change_password(
    body: NewPasswordIn, user: CurrentUser, response: Response, wired: Wired, source: Acting
) -> SignIn:
    """Change the password: every sign-in ends, and this answer opens a new one."""
    issued = await wired.passwords.change(user, body.current_password, body.new_password, source)
    return signed_in(response, wired, issued)


@router.post(
    "/reauth",
    status_code=204,
    operation_id="prove_password",
    responses=errors(InvalidCredentials, AccountLocked, Overloaded),
)
@door("user", whose="caller", limit="auth")
async def prove_password(body: ProofIn, user: CurrentUser, wired: Wired, source: Acting) -> None:
    """Give the password once more, for what asks for it."""
    await wired.passwords.prove(user, body.password, source)


@router.get("/sessions", operation_id="list_sessions")
@door("user", whose="caller", limit="read")
async def list_sessions(user: CurrentUser, wired: Wired, paging: Paging) -> Page[SessionItem]:
    """The caller's sign-ins that still count, newest first."""

    def item(row: LoginSession) -> SessionItem:
        columns = {name: getattr(row, name) for name in SessionItem.model_fields if name != "current"}
        return SessionItem.model_validate({**columns, "current": row.id == user.session_id})

    return page(await wired.sessions.list_live(user.user_id, paging), item)


@router.delete("/sessions/{session_id}", status_code=204, operation_id="end_session", responses=errors(SessionMissing))
@door("user", whose="by id", limit="write")
async def end_session(session_id: str, user: CurrentUser, wired: Wired, source: Acting) -> None:
    """End one of the caller's sign-ins."""
    await wired.sessions.end_one(user, session_id, source)


@router.delete("/sessions", status_code=204, operation_id="end_other_sessions")
@door("user", whose="caller", limit="write")
async def end_other_sessions(user: CurrentUser, wired: Wired, source: Acting) -> None:
    """End every other sign-in of the caller."""
    await wired.sessions.end_others(user, source)


def _storable(preferences: Preferences) -> dict[str, object]:
    plain = preferences.model_dump(mode="json")
    if len(json.dumps(plain, ensure_ascii=False).encode()) > MAX_PREFERENCES_BYTES:
        raise InvalidFields({"preferences": f"must be at most {MAX_PREFERENCES_BYTES} bytes"})
    return plain
