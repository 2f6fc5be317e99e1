"""The door of accounts: what may be used to sign in, joining, signing in and out, one's own profile."""

import json
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Response
from pydantic import Field, StringConstraints, field_validator

from app.api.deps import CurrentUser, From, Services, Tx, Wired
from app.api.schemas import StrictRoute, WireIn, WireOut, errors
from app.auth import csrf
from app.auth.errors import (
    AuthModeInvalid,
    AuthRequired,
    CsrfInvalid,
    InvalidCredentials,
    RefreshReused,
    SessionExpired,
    UserInactive,
)
from app.auth.principal import Transport
from app.auth.sessions import Issued
from app.core.clock import now
from app.core.errors import InvalidFields
from app.domain.accounts import service as accounts
from app.domain.accounts.errors import InviteInvalid, UsernameTaken
from app.domain.accounts.models import User
from app.domain.accounts.rules import MAX_PREFERENCES_BYTES, PASSWORD_MAX, PASSWORD_MIN, Role, UserStatus

router = APIRouter(prefix="/auth", tags=["auth"], route_class=StrictRoute)

Username = Annotated[str, Field(min_length=1, max_length=64)]
Password = Annotated[str, Field(min_length=1, max_length=PASSWORD_MAX)]
Code = Annotated[str, Field(min_length=1, max_length=200)]
DisplayName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]


class PasswordRules(WireOut):
    min_length: int
    max_length: int


class SsoProvider(WireOut):
    id: str
    name: str


class AuthConfig(WireOut):
    auth_mode: Literal["auto", "bearer", "session"]
    transports: list[Transport]
    invite_only: bool
    setup_required: bool
    password_rules: PasswordRules
    sso: list[SsoProvider]
    version: str


class Preferences(WireIn):
    """A person's own choices; `ui` is the page's to fill."""

    memory_enabled: bool = False
    theme: Literal["system", "light", "dark"] = "system"
    language: str | None = Field(None, max_length=20)
    ui: dict[str, object] = Field(default_factory=dict)


class UserOut(WireOut):
    id: str
    username: str
    display_name: str
    role: Role
    status: UserStatus
    default_provider: str | None
    default_model: str | None
    preferences: Preferences
    created_at: datetime

    @field_validator("preferences", mode="before")
    @classmethod
    def _whole(cls, value: object) -> object:
        return Preferences.model_validate(value) if isinstance(value, dict) else value


class SessionSignIn(WireOut):
    """The credential itself travels in the cookie."""

    user: UserOut
    csrf_token: str


class BearerSignIn(WireOut):
    user: UserOut
    access_token: str
    token_type: Literal["Bearer"]
    expires_in: int
    refresh_token: str


SignIn = SessionSignIn | BearerSignIn


class RegisterIn(WireIn):
    invite_code: Code
    username: Username
    password: Password
    display_name: DisplayName | None = None
    transport: Transport | None = None


class InviteCodeIn(WireIn):
    invite_code: Code


class InviteOffer(WireOut):
    invited_by: str | None
    expires_at: datetime
    note: str | None


class LoginIn(WireIn):
    username: Username
    password: Password
    transport: Transport | None = None


class RefreshIn(WireIn):
    refresh_token: Code


class CsrfOut(WireOut):
    csrf_token: str


class ProfileIn(WireIn):
    display_name: DisplayName | None = None
    default_provider: str | None = Field(None, max_length=64)
    default_model: str | None = Field(None, max_length=200)
    preferences: Preferences | None = None


def signed_in(response: Response, wired: Services, issued: Issued) -> SignIn:
    """Hand a sign-in's credentials out by its own transport, and by no other."""
    user = UserOut.model_validate(issued.user)
    if issued.transport == "session":
        wired.cookie.put(response, issued.cookie or "", issued.expires_in)
        secret = wired.settings.auth.csrf_secret.get_secret_value()
        return SessionSignIn(user=user, csrf_token=csrf.issue(secret, issued.session_id))
    return BearerSignIn(
        user=user,
        access_token=issued.access_token or "",
        token_type="Bearer",  # noqa: S106 - the scheme's name
        expires_in=issued.expires_in,
        refresh_token=issued.refresh_token or "",
    )


@router.get("/config", operation_id="get_auth_config")
async def config(wired: Wired, tx: Tx) -> AuthConfig:
    """How one signs in here."""
    mode = wired.settings.auth.mode
    return AuthConfig(
        auth_mode=mode,
        transports=["bearer", "session"] if mode == "auto" else [mode],
        invite_only=True,
        setup_required=await tx.read(accounts.setup_required),
        password_rules=PasswordRules(min_length=PASSWORD_MIN, max_length=PASSWORD_MAX),
        sso=[],
        version=wired.version,
    )


@router.post(
    "/register",
    status_code=201,
    operation_id="register",
    responses=errors(InviteInvalid, UsernameTaken, AuthModeInvalid),
)
async def register(body: RegisterIn, response: Response, wired: Wired, client: From) -> SignIn:
    """Make an account with an invite, and sign in."""
    issued = await wired.joining.join(
        body.invite_code,
        username=body.username,
        password=body.password,
        display_name=body.display_name,
        transport=wired.sessions.transport(body.transport),
        client=client,
    )
    return signed_in(response, wired, issued)


@router.post("/invite", operation_id="preview_invite", responses=errors(InviteInvalid))
async def preview_invite(body: InviteCodeIn, tx: Tx) -> InviteOffer:
    """What an invite offers, before registering."""
    invite, inviter = await tx.read(lambda session: accounts.open_invite(session, body.invite_code, now()))
    return InviteOffer(invited_by=inviter, expires_at=invite.expires_at, note=invite.note)


@router.post("/login", operation_id="login", responses=errors(InvalidCredentials, UserInactive, AuthModeInvalid))
async def login(body: LoginIn, response: Response, wired: Wired, client: From) -> SignIn:
    """Sign in with name and password."""
    transport = wired.sessions.transport(body.transport)
    issued = await wired.sessions.log_in(body.username, body.password, transport, client)
    return signed_in(response, wired, issued)


@router.post(
    "/refresh",
    operation_id="refresh",
    responses=errors(AuthRequired, SessionExpired, RefreshReused, UserInactive, AuthModeInvalid),
)
async def refresh(body: RefreshIn, response: Response, wired: Wired) -> SignIn:
    """Exchange a refresh token for new tokens."""
    wired.sessions.transport("bearer")
    return signed_in(response, wired, await wired.sessions.refresh(body.refresh_token))


@router.post("/logout", status_code=204, operation_id="logout", responses=errors(AuthRequired, CsrfInvalid))
async def logout(user: CurrentUser, response: Response, wired: Wired) -> None:
    """End this sign-in."""
    await wired.sessions.end(user.session_id)
    if user.transport == "session":
        wired.cookie.put(response, "", 0)


@router.get("/me", operation_id="get_me", responses=errors(AuthRequired, SessionExpired, UserInactive))
async def me(user: CurrentUser, tx: Tx) -> UserOut:
    """The caller."""
    return UserOut.model_validate(await tx.read(lambda session: session.get_one(User, user.user_id)))


@router.patch("/me", operation_id="update_me", responses=errors(AuthRequired, CsrfInvalid))
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


@router.get("/csrf", operation_id="get_csrf", responses=errors(AuthRequired))
async def get_csrf(user: CurrentUser, wired: Wired) -> CsrfOut:
    """The page's token of this sign-in, once more."""
    secret = wired.settings.auth.csrf_secret.get_secret_value()
    return CsrfOut(csrf_token=csrf.issue(secret, user.session_id))


def _storable(preferences: Preferences) -> dict[str, object]:
    plain = preferences.model_dump(mode="json")
    if len(json.dumps(plain, ensure_ascii=False).encode()) > MAX_PREFERENCES_BYTES:
        raise InvalidFields({"preferences": f"must be at most {MAX_PREFERENCES_BYTES} bytes"})
    return plain
