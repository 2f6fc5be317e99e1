"""The door of signing in: what may be used for it, joining, signing in and out, passwords."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Response
from pydantic import AfterValidator, Field, StringConstraints, field_validator

from app.api.deps import Acting, CurrentUser, DeviceCookie, From, KnownDevice, Services, Tx, Wired
from app.api.doors import DoorRoute, door
from app.api.schemas import WireIn, WireOut, errors
from app.auth import csrf
from app.auth.errors import (
    AuthModeInvalid,
    AuthRequired,
    InvalidCredentials,
    RefreshReused,
    SessionExpired,
    UserInactive,
)
from app.auth.principal import Transport
from app.auth.sessions import Issued
from app.core.clock import now
from app.core.errors import Overloaded
from app.domain.accounts import service as accounts
from app.domain.accounts.errors import AccountLocked, InviteInvalid, ResetInvalid, UsernameTaken
from app.domain.accounts.rules import PASSWORD_MAX, PASSWORD_MIN, Role, UserStatus, display_name_problem

router = APIRouter(prefix="/auth", tags=["auth"], route_class=DoorRoute)

Username = Annotated[str, Field(min_length=1, max_length=64)]
Password = Annotated[str, Field(min_length=1, max_length=PASSWORD_MAX)]
Code = Annotated[str, Field(min_length=1, max_length=200)]


def _showable(name: str) -> str:
    if problem := display_name_problem(name):
        raise ValueError(problem)
    return name


DisplayName = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80), AfterValidator(_showable)
]


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
    device_token: str


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
    otp: str | None = Field(None, max_length=20)
    device_token: str | None = Field(None, max_length=200)
    transport: Transport | None = None


class ResetIn(WireIn):
    token: Code
    new_password: Password


class RefreshIn(WireIn):
    refresh_token: Code


class CsrfOut(WireOut):
    csrf_token: str


def signed_in(response: Response, wired: Services, issued: Issued) -> SignIn:
    """Hand a sign-in's credentials out by its own transport, and by no other."""
    user = UserOut.model_validate(issued.user)
    if issued.transport == "session":
        wired.cookies.put_session(response, issued.cookie or "", issued.expires_in)
        wired.cookies.put_device(response, issued.device_token)
        secret = wired.settings.auth.csrf_secret.get_secret_value()
        return SessionSignIn(user=user, csrf_token=csrf.issue(secret, issued.session_id))
    return BearerSignIn(
        user=user,
        access_token=issued.access_token or "",
        token_type="Bearer",  # noqa: S106 - the scheme's name
        expires_in=issued.expires_in,
        refresh_token=issued.refresh_token or "",
        device_token=issued.device_token,
    )


@router.get("/config", operation_id="get_auth_config")
@door("anyone", whose="nobody", limit="anonymous")
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
    responses=errors(InviteInvalid, UsernameTaken, AuthModeInvalid, Overloaded),
)
@door("anyone", whose="nobody", limit="auth")
async def register(body: RegisterIn, response: Response, wired: Wired, source: From, device: KnownDevice) -> SignIn:
    """Make an account with an invite, and sign in."""
    issued = await wired.joining.join(
        body.invite_code,
        username=body.username,
        password=body.password,
        display_name=body.display_name,
        transport=wired.sessions.transport(body.transport),
        device_id=device,
        source=source,
    )
    return signed_in(response, wired, issued)


@router.post("/invite", operation_id="preview_invite", responses=errors(InviteInvalid))
@door("anyone", whose="nobody", limit="auth")
async def preview_invite(body: InviteCodeIn, tx: Tx) -> InviteOffer:
    """What an invite offers, before registering."""
    invite, inviter = await tx.read(lambda session: accounts.open_invite(session, body.invite_code, now()))
    return InviteOffer(invited_by=inviter, expires_at=invite.expires_at, note=invite.note)


@router.post(
    "/login",
    operation_id="login",
    responses=errors(InvalidCredentials, UserInactive, AuthModeInvalid, AccountLocked, Overloaded),
)
@door("anyone", whose="nobody", limit="auth")
async def login(body: LoginIn, response: Response, wired: Wired, source: From, cookie: DeviceCookie) -> SignIn:
    """Sign in with name and password; `otp` is for accounts with a second factor."""
    transport = wired.sessions.transport(body.transport)
    device_token = body.device_token or cookie
    issued = await wired.passwords.log_in(body.username, body.password, transport, device_token, source)
    return signed_in(response, wired, issued)


@router.post(
    "/refresh",
    operation_id="refresh",
    responses=errors(AuthRequired, SessionExpired, RefreshReused, UserInactive, AuthModeInvalid),
)
@door("anyone", whose="nobody", limit="anonymous")
async def refresh(body: RefreshIn, response: Response, wired: Wired, source: From) -> SignIn:
    """Exchange a refresh token for new tokens."""
    wired.sessions.transport("bearer")
    return signed_in(response, wired, await wired.sessions.refresh(body.refresh_token, source))


@router.post("/reset", status_code=204, operation_id="reset_password", responses=errors(ResetInvalid, Overloaded))
@door("anyone", whose="nobody", limit="auth")
async def reset(body: ResetIn, wired: Wired, source: From) -> None:
    """Set a new password with a one-time link; every sign-in of the person ends."""
    await wired.passwords.reset(body.token, body.new_password, source)


@router.post("/logout", status_code=204, operation_id="logout")
@door("user", whose="caller", limit="write")
async def logout(user: CurrentUser, response: Response, wired: Wired, source: Acting) -> None:
    """End this sign-in."""
    await wired.sessions.end(user, source)
    if user.transport == "session":
        wired.cookies.put_session(response, "", 0)


@router.get("/csrf", operation_id="get_csrf")
@door("user", whose="caller", limit="read")
async def get_csrf(user: CurrentUser, wired: Wired) -> CsrfOut:
    """The page's token of this sign-in, once more."""
    secret = wired.settings.auth.csrf_secret.get_secret_value()
    return CsrfOut(csrf_token=csrf.issue(secret, user.session_id))
