"""Acts on people and invites. Passwords arrive hashed; sign-ins are `auth`'s affair."""

from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.core.ids import new_id
from app.core.pagination import Cursor, PageOf, PageRequest, page_of
from app.core.security import digest, new_token
from app.domain.accounts import repository
from app.domain.accounts.errors import BootstrapClosed, InviteInvalid, InviteMissing, UsernameTaken
from app.domain.accounts.models import Invite, User
from app.domain.accounts.rules import Role

CODE_PREFIX_CHARS = 4


def setup_required(session: Session) -> bool:
    """Whether the owner's account is still to be made."""
    return not repository.admin_exists(session)


def create_owner(session: Session, *, username: str, password_hash: str, now: datetime) -> User:
    """Make the first admin.

    Raises:
        BootstrapClosed: There is an admin, or somebody was faster.
    """
    workspace = repository.default_workspace(session)
    if repository.admin_exists(session):
        raise BootstrapClosed
    user = _add_user(
        session,
        workspace_id=workspace.id,
        invite_id=None,
        username=username,
        display_name=username,
        password_hash=password_hash,
        role="admin",
        now=now,
    )
    if not repository.claim_ownership(session, workspace.id, user.id):
        raise BootstrapClosed
    return user


def create_member(
    session: Session, *, invite_code: str, username: str, display_name: str, password_hash: str, now: datetime
) -> User:
    """Take an invite and make the account it offers, both or neither.

    Raises:
        InviteInvalid: Used up, expired, revoked or unknown.
        UsernameTaken: The name is another's.
    """
    invite = repository.take_invite(session, digest(invite_code), now)
    if invite is None:
        raise InviteInvalid
    return _add_user(
        session,
        workspace_id=invite.workspace_id,
        invite_id=invite.id,
        username=username,
        display_name=display_name,
        password_hash=password_hash,
        role=invite.role,
        now=now,
    )


def update_profile(session: Session, user_id: str, changes: dict[str, object], now: datetime) -> User:
    """Set columns of a person's own profile; the door names which may be set."""
    user = session.get_one(User, user_id)
    for name, value in changes.items():
        setattr(user, name, value)
    user.updated_at = now
    return user


def create_invite(
    session: Session,
    *,
    created_by: str,
    role: Role,
    note: str | None,
    max_uses: int,
    expires_in: timedelta,
    now: datetime,
) -> tuple[Invite, str]:
    """Make an invite.

    Returns:
        The invite and its code, which is not kept.
    """
    code = new_token()
    invite = Invite(
        id=new_id(),
        workspace_id=repository.default_workspace(session).id,
        created_by=created_by,
        code_digest=digest(code),
        prefix=code[:CODE_PREFIX_CHARS],
        role=role,
        note=note,
        max_uses=max_uses,
        used_count=0,
        expires_at=now + expires_in,
        revoked_at=None,
        created_at=now,
    )
    session.add(invite)
    session.flush()
    return invite, code


def open_invite(session: Session, invite_code: str, now: datetime) -> tuple[Invite, str | None]:
    """Look at an invite before taking it.

    Returns:
        The invite and the display name of who made it.

    Raises:
        InviteInvalid: It could not be taken.
    """
    invite = repository.invite_by_digest(session, digest(invite_code))
    if invite is None or invite.revoked_at or invite.expires_at <= now or invite.used_count >= invite.max_uses:
        raise InviteInvalid
    inviter = repository.user_by_id(session, invite.created_by) if invite.created_by else None
    return invite, inviter.display_name if inviter else None


def list_invites(session: Session, page: PageRequest) -> PageOf[Invite]:
    """A page of invites, newest first."""
    return page_of(repository.invites(session, page), page.limit, lambda row: Cursor(row.created_at, row.id))


def revoke_invite(session: Session, invite_id: str, now: datetime) -> Invite:
    """Close an invite; closing it again changes nothing.

    Raises:
        InviteMissing: There is none with this id.
    """
    invite = repository.revoke_invite(session, invite_id, now)
    if invite is None:
        raise InviteMissing
    return invite


def _add_user(
    session: Session,
    *,
    workspace_id: str,
    invite_id: str | None,
    username: str,
    display_name: str,
    password_hash: str,
    role: str,
    now: datetime,
) -> User:
    if repository.user_by_name(session, username) is not None:
        raise UsernameTaken
    user = User(
        id=new_id(),
        workspace_id=workspace_id,
        invite_id=invite_id,
        username=username,
        display_name=display_name,
        password_hash=password_hash,
        role=role,
        status="active",
        default_provider=None,
        default_model=None,
        preferences={},
        created_at=now,
        updated_at=now,
    )
    session.add(user)
    try:
        session.flush()
    except IntegrityError:
        raise UsernameTaken from None
    return user
