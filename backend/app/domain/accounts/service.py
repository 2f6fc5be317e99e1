"""Acts on people and invites. Passwords arrive hashed; sign-ins are `auth`'s affair."""

from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.core.errors import Overtaken
from app.core.ids import is_id, new_id
from app.core.pagination import Cursor, PageOf, PageRequest, page_of
from app.core.security import digest, new_token
from app.domain.accounts import repository
from app.domain.accounts.errors import (
    BootstrapClosed,
    InviteInvalid,
    InviteMissing,
    LastAdmin,
    ResetInvalid,
    SessionMissing,
    UserMissing,
    UsernameTaken,
)
from app.domain.accounts.models import Invite, LoginSession, PasswordReset, User, WrongTries
from app.domain.accounts.rules import LOCK_TIME, RESET_LIFETIME, TRIES_WINDOW, WRONG_TRIES, Role

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


def get_keep_days(session: Session, user_id: str) -> int | None:
    """How long somebody wants conversations kept that nothing is changed in; None for ever."""
    return repository.keep_days(session, user_id)


def set_keep_days(session: Session, user_id: str, days: int | None, now: datetime) -> None:
    """Keep conversations so long, or for ever."""
    found = session.get_one(User, user_id)
    found.keep_days, found.updated_at = days, now


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
    invite = repository.revoke_invite(session, invite_id, now) if is_id(invite_id) else None
    if invite is None:
        raise InviteMissing
    return invite


def get_user(session: Session, user_id: str) -> User:
    """A person.

    Raises:
        UserMissing: Unknown, or not an id at all.
    """
    user = repository.user_by_id(session, user_id) if is_id(user_id) else None
    if user is None:
        raise UserMissing
    return user


def refuse_overtaken(session: Session, user_id: str | None, role: Role | None = None) -> None:
    """Refuse, inside an act's own transaction, what somebody may do no more who could when they were let in.

    Args:
        session: The act's transaction.
        user_id: Who acts.
        role: The role that the act needs, if it needs one.

    Raises:
        Overtaken: They were switched off or deleted since, or have another role.
    """
    status, present_role = repository.standing(session, user_id or "")
    if status != "active" or role not in {None, present_role}:
        raise Overtaken


def get_user_seen(session: Session, user_id: str) -> tuple[User, datetime | None]:
    """A person, and when they last used any sign-in.

    Raises:
        UserMissing: Unknown, or not an id at all.
    """
    user = get_user(session, user_id)
    return user, repository.last_seen(session, user.id)


def list_users(
    session: Session, page: PageRequest, *, q: str | None, status: str | None
) -> PageOf[tuple[User, datetime | None]]:
    """A page of people and when each was last seen, newest account first."""
    rows = repository.users(session, page, q=q, status=status)
    return page_of(rows, page.limit, lambda row: Cursor(row[0].created_at, row[0].id))


def change_user(session: Session, user_id: str, changes: dict[str, object], now: datetime) -> User:
    """Set what an admin may set of a person; the door names which that is.

    Raises:
        UserMissing: There is no such person.
        LastAdmin: Nobody who can administer would be left.
    """
    user = get_user(session, user_id)
    counts = _administers(user)
    for name, value in changes.items():
        setattr(user, name, value)
    user.updated_at = now
    session.flush()
    if counts and not _administers(user):
        _refuse_no_admin(session)
    return user


def delete_user(session: Session, user_id: str) -> User:
    """Delete a person and all that hangs on their row.

    Raises:
        UserMissing: There is no such person.
        LastAdmin: Nobody who can administer would be left.
    """
    user = get_user(session, user_id)
    session.expunge(user)
    repository.delete_user(session, user.id)
    if _administers(user):
        _refuse_no_admin(session)
    return user


def list_sessions(
    session: Session, user_id: str, page: PageRequest, *, now: datetime, seen_after: datetime
) -> PageOf[LoginSession]:
    """A page of a person's sign-ins that still count, newest first."""
    rows = repository.live_sessions(session, user_id, page, now=now, seen_after=seen_after)
    return page_of(rows, page.limit, lambda row: Cursor(row.created_at, row.id))


def end_own_session(session: Session, user_id: str, session_id: str, now: datetime) -> None:
    """End one of a person's sign-ins.

    Raises:
        SessionMissing: They have no live one with this id.
    """
    if not is_id(session_id) or not repository.end_own_session(session, user_id, session_id, now):
        raise SessionMissing


def set_password(session: Session, user: User, password_hash: str, now: datetime) -> None:
    """Give a person a new password: sign-ins end, known devices and reset links are forgotten."""
    user.password_hash = password_hash
    user.password_changed_at = user.updated_at = now
    repository.end_sessions(session, user.id, now)
    repository.forget_devices(session, user.id)
    repository.forget_resets(session, user.id)


def create_reset(session: Session, user_id: str, now: datetime) -> tuple[PasswordReset, str]:
    """Make a one-time link to a new password; earlier links of the person are void.

    Returns:
        The link's row and its token, which is not kept.

    Raises:
        UserMissing: There is no such person.
    """
    user = get_user(session, user_id)
    repository.forget_resets(session, user.id)
    token = new_token()
    reset = PasswordReset(digest=digest(token), user_id=user.id, expires_at=now + RESET_LIFETIME)
    session.add(reset)
    session.flush()
    return reset, token


def person_of_reset(session: Session, token: str, now: datetime) -> User:
    """Whose password a link can set.

    Raises:
        ResetInvalid: It is used, too old or unknown.
    """
    user_id = repository.open_reset(session, digest(token), now)
    if user_id is None:
        raise ResetInvalid
    return session.get_one(User, user_id)


def take_reset(session: Session, token: str, now: datetime) -> User:
    """Use a link once.

    Raises:
        ResetInvalid: It is used, too old or unknown.
    """
    user_id = repository.take_reset(session, digest(token), now)
    if user_id is None:
        raise ResetInvalid
    return session.get_one(User, user_id)


def locked_until(session: Session, key: str, now: datetime) -> datetime | None:
    """Until when tries under a key are refused; None when they are not."""
    found = repository.wrong_tries(session, key)
    return found.locked_until if found and found.locked_until and found.locked_until > now else None


def count_wrong_try(session: Session, key: str, now: datetime) -> bool:
    """Count a wrong password under a key.

    Returns:
        Whether this one locked it.
    """
    found = repository.wrong_tries(session, key)
    if found is None:
        found = WrongTries(digest=key, count=0, window_began_at=now, locked_until=None)
        session.add(found)
    if found.locked_until or now - found.window_began_at > TRIES_WINDOW:
        found.count, found.window_began_at, found.locked_until = 0, now, None
    found.count += 1
    if found.count >= WRONG_TRIES:
        found.locked_until = now + LOCK_TIME
    session.flush()
    return found.locked_until is not None


def purge_tries(session: Session, now: datetime) -> int:
    """Forget wrong tries that count no more."""
    return repository.purge_tries(session, now - TRIES_WINDOW, now)


def _administers(user: User) -> bool:
    return user.role == "admin" and user.status == "active"


def _refuse_no_admin(session: Session) -> None:
    if repository.active_admins(session) == 0:
        raise LastAdmin


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
        password_changed_at=now,
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
