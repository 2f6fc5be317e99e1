"""The door of the people who run the place: the first account, and invites."""

from datetime import datetime, timedelta
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Header, Request, Response
from pydantic import Field

from app.api.auth import Password, SignIn, Username, signed_in
from app.api.deps import Admin, From, Paging, Tx, Wired
from app.api.schemas import Page, StrictRoute, WireIn, WireOut, errors, page
from app.auth.errors import AdminRequired, AuthRequired, CsrfInvalid
from app.auth.principal import Transport
from app.core.clock import now
from app.core.ids import is_id
from app.domain.accounts import service as accounts
from app.domain.accounts.errors import BootstrapClosed, InviteMissing
from app.domain.accounts.rules import Role

router = APIRouter(prefix="/admin", tags=["admin"], route_class=StrictRoute)


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


@router.post("/bootstrap", status_code=201, operation_id="bootstrap", responses=errors(AuthRequired, BootstrapClosed))
async def bootstrap(
    body: BootstrapIn,
    response: Response,
    wired: Wired,
    client: From,
    x_bootstrap_token: Annotated[str | None, Header()] = None,
) -> SignIn:
    """Make the owner's account with the token of the set-up link."""
    issued = await wired.joining.bootstrap(
        x_bootstrap_token,
        username=body.username,
        password=body.password,
        transport=wired.sessions.transport(body.transport),
        client=client,
    )
    return signed_in(response, wired, issued)


@router.get("/invites", operation_id="list_invites", responses=errors(AuthRequired, AdminRequired))
async def list_invites(_admin: Admin, tx: Tx, paging: Paging) -> Page[InviteItem]:
    """Invites, newest first."""
    rows = await tx.read(lambda session: accounts.list_invites(session, paging))
    return page(rows, InviteItem.model_validate)


@router.post(
    "/invites",
    status_code=201,
    operation_id="create_invite",
    responses=errors(AuthRequired, AdminRequired, CsrfInvalid),
)
async def create_invite(body: InviteIn, user: Admin, tx: Tx, wired: Wired, request: Request) -> InviteMade:
    """Make an invite."""
    invite, code = await tx.write(
        lambda session: accounts.create_invite(
            session,
            created_by=user.user_id,
            role=body.role,
            note=body.note,
            max_uses=body.max_uses,
            expires_in=timedelta(hours=body.expires_in_hours),
            now=now(),
        )
    )
    # The code stands in the fragment, so no server on the way sees it.
    home = wired.settings.server.public_url or str(request.base_url).rstrip("/")
    return InviteMade(id=invite.id, code=code, link=f"{home}/#/join?code={quote(code)}", expires_at=invite.expires_at)


@router.post(
    "/invites/{invite_id}/revoke",
    operation_id="revoke_invite",
    responses=errors(AuthRequired, AdminRequired, CsrfInvalid, InviteMissing),
)
async def revoke_invite(invite_id: str, _admin: Admin, tx: Tx) -> InviteItem:
    """Close an invite."""
    if not is_id(invite_id):
        raise InviteMissing
    return InviteItem.model_validate(await tx.write(lambda session: accounts.revoke_invite(session, invite_id, now())))
