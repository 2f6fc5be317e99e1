"""The door of the people who run the place: the first account, and invites."""

from datetime import datetime, timedelta
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Header, Request, Response
from pydantic import Field

from app.api.auth import Password, SignIn, Username, signed_in
from app.api.deps import Acting, CurrentUser, From, KnownDevice, Paging, Services, Tx, Wired
from app.api.doors import DoorRoute, door
from app.api.schemas import Page, WireIn, WireOut, errors, page
from app.auth.errors import AuthModeInvalid, AuthRequired, ReauthRequired
from app.auth.principal import Transport
from app.core.errors import Overloaded
from app.domain.accounts import service as accounts
from app.domain.accounts.errors import BootstrapClosed, InviteMissing
from app.domain.accounts.rules import Role

router = APIRouter(prefix="/admin", tags=["admin"], route_class=DoorRoute)


class BootstrapIn(WireIn):
    username: Username
    password: Password
    transport: Transport | None = None


class InviteIn(WireIn):
    expires_in_hours: int = Field(72, ge=1, le=720)
    max_uses: int = Field(1, ge=1, le=1000)
    role: Role = "user"
    note: str | None = Field(None, max_length=200)


class InviteMade(WireOut):
    """The code and the link are shown this once."""

    id: str
    code: str
    link: str
    expires_at: datetime


class InviteItem(WireOut):
    id: str
    prefix: str
    role: Role
    note: str | None
    max_uses: int
    used_count: int
    created_by: str | None
    expires_at: datetime
    revoked_at: datetime | None
    created_at: datetime


@router.post(
    "/bootstrap",
    status_code=201,
    operation_id="bootstrap",
    responses=errors(AuthRequired, BootstrapClosed, AuthModeInvalid, Overloaded),
)
@door("anyone", whose="nobody", limit="auth")
async def bootstrap(
    body: BootstrapIn,
    response: Response,
    wired: Wired,
    source: From,
    device: KnownDevice,
    x_bootstrap_token: Annotated[str | None, Header()] = None,
) -> SignIn:
    """Make the owner's account with the token of the set-up link."""
    issued = await wired.joining.bootstrap(
        x_bootstrap_token,
        username=body.username,
        password=body.password,
        transport=wired.sessions.transport(body.transport),
        device_id=device,
        source=source,
    )
    return signed_in(response, wired, issued)


@router.get("/invites", operation_id="list_invites")
@door("admin", whose="everybody", limit="read")
async def list_invites(tx: Tx, paging: Paging) -> Page[InviteItem]:
    """Invites, newest first."""
    rows = await tx.read(lambda session: accounts.list_invites(session, paging))
    return page(rows, InviteItem.model_validate)


@router.post("/invites", status_code=201, operation_id="create_invite", responses=errors(ReauthRequired))
@door("admin", whose="everybody", limit="write")
async def create_invite(
    body: InviteIn, user: CurrentUser, wired: Wired, request: Request, source: Acting
) -> InviteMade:
    """Make an invite; one that makes an admin needs a fresh password proof."""
    if body.role == "admin":
        wired.sessions.require_proof(user)
    lifetime = timedelta(hours=body.expires_in_hours)
    invite, code = await wired.administration.make_invite(body.role, body.note, body.max_uses, lifetime, source)
    link = f"{home_of(wired, request)}/#/join?code={quote(code)}"
    return InviteMade(id=invite.id, code=code, link=link, expires_at=invite.expires_at)


@router.post("/invites/{invite_id}/revoke", operation_id="revoke_invite", responses=errors(InviteMissing))
@door("admin", whose="everybody", limit="write")
async def revoke_invite(invite_id: str, wired: Wired, source: Acting) -> InviteItem:
    """Close an invite."""
    return InviteItem.model_validate(await wired.administration.revoke_invite(invite_id, source))


def home_of(wired: Services, request: Request) -> str:
    """Where the page is; one-time codes stand behind it in the fragment, so that no server on the way sees them."""
    return wired.settings.server.public_url or str(request.base_url).rstrip("/")
