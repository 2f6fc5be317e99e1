"""Every query about people, invites and sign-ins."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, delete, func, or_, select, tuple_, update
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningUpdate

from app.core.pagination import PageRequest
from app.db.base import table_of
from app.db.prepared import Prepared
from app.domain.accounts.models import (
    Invite,
    KnownDevice,
    LoginSession,
    PasswordReset,
    SessionToken,
    User,
    Workspace,
    WrongTries,
)
from app.domain.accounts.rules import Shown

DEFAULT_WORKSPACE = "default"
# Asked on every request, so made once.
_USERS: Final = table_of(User).c
_SIGN_INS: Final = table_of(LoginSession).c
_TOKENS: Final = table_of(SessionToken).c
_STANDING: Final = Prepared(select(_USERS.status, _USERS.role).where(_USERS.id == bindparam("user")))
_SHOWN: Final = Prepared(
    select(
        _USERS.id,
        _USERS.username,
        _USERS.role,
        _USERS.status,
        _USERS.preferences,
        _SIGN_INS.id,
        _SIGN_INS.proved_at,
        _SIGN_INS.last_seen_at,
        _SIGN_INS.ended_at,
        _SIGN_INS.expires_at,
        _TOKENS.expires_at,
    )
    .where(_TOKENS.digest == bindparam("digest"), _TOKENS.kind == bindparam("kind"))
    .where(_SIGN_INS.id == _TOKENS.session_id, _USERS.id == _SIGN_INS.user_id)
)
_CREDENTIAL: Final = (
    select(SessionToken, LoginSession, User)
    .join(LoginSession, LoginSession.id == SessionToken.session_id)
    .join(User, User.id == LoginSession.user_id)
    .where(SessionToken.digest == bindparam("digest"), SessionToken.kind == bindparam("kind"))
)


def default_workspace(session: Session) -> Workspace:
    """The one workspace; the first migration made it."""
    return session.scalars(select(Workspace).where(Workspace.name == DEFAULT_WORKSPACE)).one()


def claim_ownership(session: Session, workspace_id: str, user_id: str) -> bool:
    """Set the owner if there is none; True for the one who won."""
    statement = update(Workspace).where(Workspace.id == workspace_id, Workspace.owner_id.is_(None))
    return _changed(session, statement.values(owner_id=user_id).returning(Workspace.id))


def admin_exists(session: Session) -> bool:
    """Whether anybody is admin."""
    return session.scalar(select(User.id).where(User.role == "admin").limit(1)) is not None


def user_by_name(session: Session, username: str) -> User | None:
    """A user by normalised name."""
    return session.scalars(select(User).where(User.username == username)).one_or_none()


def user_by_id(session: Session, user_id: str) -> User | None:
    """A user by id."""
    return session.get(User, user_id)


def standing(session: Session, user_id: str) -> tuple[str, str] | tuple[None, None]:
    """A user's status and role; nothing of a user who is not there."""
    found = _STANDING.first(session, {"user": user_id})
    return (found[0], found[1]) if found else (None, None)


def keep_days(session: Session, user_id: str) -> int | None:
    """How long somebody wants conversations kept that nothing is changed in; None for ever."""
    return session.scalar(select(User.keep_days).where(User.id == user_id))


def keep_days_any_owner(session: Session) -> list[tuple[str, int | None]]:
    """The same of everybody: (user, days)."""
    return [(user_id, days) for user_id, days in session.execute(select(User.id, User.keep_days))]


def default_model(session: Session, user_id: str) -> tuple[str | None, str | None]:
    """The provider and the model that a person wishes for where nothing else is said."""
    found = session.execute(select(User.default_provider, User.default_model).where(User.id == user_id)).first()
    return (found[0], found[1]) if found else (None, None)


def invite_by_digest(session: Session, code_digest: str) -> Invite | None:
    """An invite by the digest of its code, whatever its state."""
    return session.scalars(select(Invite).where(Invite.code_digest == code_digest)).one_or_none()


def take_invite(session: Session, code_digest: str, now: datetime) -> Invite | None:
    """Use an invite once, in one conditional update; None when it is used up, expired, revoked or unknown."""
    statement = (
        update(Invite)
        .where(
            Invite.code_digest == code_digest,
            Invite.used_count < Invite.max_uses,
            Invite.revoked_at.is_(None),
            Invite.expires_at > now,
        )
        .values(used_count=Invite.used_count + 1)
        .returning(Invite)
    )
    return session.scalars(statement).one_or_none()


def invites(session: Session, page: PageRequest) -> list[Invite]:
    """Newest first, one row more than asked for."""
    statement = select(Invite).order_by(Invite.created_at.desc(), Invite.id.desc()).limit(page.limit + 1)
    if page.cursor:
        statement = statement.where(tuple_(Invite.created_at, Invite.id) < (page.cursor.at, page.cursor.id))
    return list(session.scalars(statement))


def revoke_invite(session: Session, invite_id: str, now: datetime) -> Invite | None:
    """Revoke an invite; a second time changes nothing."""
    session.execute(update(Invite).where(Invite.id == invite_id, Invite.revoked_at.is_(None)).values(revoked_at=now))
    return session.get(Invite, invite_id, populate_existing=True)


def shown(session: Session, token_digest: str, kind: str) -> Shown | None:
    """What a credential stands for, by digest."""
    row = _SHOWN.first(session, {"digest": token_digest, "kind": kind})
    return None if row is None else Shown(*row)


def credential(session: Session, token_digest: str, kind: str) -> tuple[SessionToken, LoginSession, User] | None:
    """The token with its session and person, by digest."""
    row = session.execute(_CREDENTIAL, {"digest": token_digest, "kind": kind}).one_or_none()
    return None if row is None else (row[0], row[1], row[2])


def advance(session: Session, session_id: str, sequence: int, now: datetime) -> bool:
    """Count one rotation if `sequence` is still the newest; True for the one who won."""
    statement = update(LoginSession).where(
        LoginSession.id == session_id, LoginSession.sequence == sequence, LoginSession.ended_at.is_(None)
    )
    values = {"sequence": sequence + 1, "rotated_at": now, "last_seen_at": now}
    return _changed(session, statement.values(values).returning(LoginSession.id))


def end_session(session: Session, session_id: str, now: datetime) -> None:
    """End a sign-in; a second time changes nothing."""
    session.execute(
        update(LoginSession).where(LoginSession.id == session_id, LoginSession.ended_at.is_(None)).values(ended_at=now)
    )


def touch(session: Session, session_id: str, now: datetime) -> None:
    """Note that a sign-in was used."""
    session.execute(update(LoginSession).where(LoginSession.id == session_id).values(last_seen_at=now))


def purge_sessions(session: Session, ended_before: datetime) -> int:
    """Forget sign-ins that ended, or expired, before a moment; their tokens go with them."""
    old = (LoginSession.ended_at < ended_before) | (LoginSession.expires_at < ended_before)
    return len(session.scalars(delete(LoginSession).where(old).returning(LoginSession.id)).all())


def live_sessions(
    session: Session, user_id: str, page: PageRequest, *, now: datetime, seen_after: datetime
) -> list[LoginSession]:
    """A person's sign-ins that still count, newest first, one row more than asked for.

    A cookie counts while it is used; tokens count while one of them is good, which is the newest refresh token mostly.
    """
    good = select(SessionToken.digest).where(
        SessionToken.session_id == LoginSession.id,
        SessionToken.expires_at > now,
        or_(SessionToken.kind != "refresh", SessionToken.sequence == LoginSession.sequence),
    )
    statement = (
        select(LoginSession)
        .where(
            LoginSession.user_id == user_id,
            LoginSession.ended_at.is_(None),
            LoginSession.expires_at > now,
            or_(LoginSession.transport == "bearer", LoginSession.last_seen_at > seen_after),
            good.exists(),
        )
        .order_by(LoginSession.created_at.desc(), LoginSession.id.desc())
        .limit(page.limit + 1)
    )
    if page.cursor:
        statement = statement.where(tuple_(LoginSession.created_at, LoginSession.id) < (page.cursor.at, page.cursor.id))
    return list(session.scalars(statement))


def end_own_session(session: Session, user_id: str, session_id: str, now: datetime) -> bool:
    """End one of a person's live sign-ins; False when there is none with this id."""
    statement = update(LoginSession).where(
        LoginSession.id == session_id,
        LoginSession.user_id == user_id,
        LoginSession.ended_at.is_(None),
        LoginSession.expires_at > now,
    )
    return _changed(session, statement.values(ended_at=now).returning(LoginSession.id))


def end_sessions(session: Session, user_id: str, now: datetime, *, keep: str | None = None) -> int:
    """End a person's sign-ins, save one if wanted.

    Returns:
        How many were live.
    """
    statement = update(LoginSession).where(LoginSession.user_id == user_id, LoginSession.ended_at.is_(None))
    if keep is not None:
        statement = statement.where(LoginSession.id != keep)
    return len(session.scalars(statement.values(ended_at=now).returning(LoginSession.id)).all())


def prove(session: Session, session_id: str, now: datetime) -> None:
    """Note that a sign-in's person has just given the password."""
    session.execute(update(LoginSession).where(LoginSession.id == session_id).values(proved_at=now))


def session_states(session: Session, ids: Sequence[str]) -> dict[str, tuple[LoginSession, User]]:
    """Sign-ins with their people, by id; those that are gone are left out."""
    statement = select(LoginSession, User).join(User, User.id == LoginSession.user_id).where(LoginSession.id.in_(ids))
    return {login.id: (login, user) for login, user in session.execute(statement)}


def users(
    session: Session, page: PageRequest, *, q: str | None, status: str | None
) -> list[tuple[User, datetime | None]]:
    """People with the moment they were last seen, newest account first, one row more than asked for."""
    newest = select(func.max(LoginSession.last_seen_at)).where(LoginSession.user_id == User.id)
    seen = newest.correlate(User).scalar_subquery()
    statement = select(User, seen).order_by(User.created_at.desc(), User.id.desc()).limit(page.limit + 1)
    if q:
        statement = statement.where(
            or_(User.username.icontains(q, autoescape=True), User.display_name.icontains(q, autoescape=True))
        )
    if status:
        statement = statement.where(User.status == status)
    if page.cursor:
        statement = statement.where(tuple_(User.created_at, User.id) < (page.cursor.at, page.cursor.id))
    return [(row[0], row[1]) for row in session.execute(statement)]


def last_seen(session: Session, user_id: str) -> datetime | None:
    """When a person last used any sign-in."""
    return session.scalar(select(func.max(LoginSession.last_seen_at)).where(LoginSession.user_id == user_id))


def active_admins(session: Session) -> int:
    """How many admins can sign in."""
    statement = select(func.count()).select_from(User).where(User.role == "admin", User.status == "active")
    return session.scalar(statement) or 0


def user_counts(session: Session) -> dict[tuple[str, str], int]:
    """People by role and status."""
    statement = select(User.role, User.status, func.count()).group_by(User.role, User.status)
    return {(role, status): count for role, status, count in session.execute(statement)}


def open_invites(session: Session, now: datetime) -> int:
    """Invites that somebody can still take."""
    statement = (
        select(func.count())
        .select_from(Invite)
        .where(Invite.revoked_at.is_(None), Invite.expires_at > now, Invite.used_count < Invite.max_uses)
    )
    return session.scalar(statement) or 0


def count_live_sessions(session: Session, now: datetime) -> int:
    """Sign-ins that still count."""
    live = (LoginSession.ended_at.is_(None)) & (LoginSession.expires_at > now)
    return session.scalar(select(func.count()).select_from(LoginSession).where(live)) or 0


def delete_user(session: Session, user_id: str) -> None:
    """Delete a person; what belongs to them goes by its foreign keys."""
    session.execute(delete(User).where(User.id == user_id))


def knows_device(session: Session, device_id: str, user_id: str) -> bool:
    """Whether a person has signed in with a device."""
    return session.get(KnownDevice, (device_id, user_id)) is not None


def remember_device(session: Session, device_id: str, user_id: str, now: datetime) -> None:
    """Note that a person signed in with a device."""
    session.merge(KnownDevice(device_id=device_id, user_id=user_id, last_seen_at=now))


def purge_devices(session: Session, seen_before: datetime) -> int:
    """Forget devices that nobody signed in with since a moment.

    Returns:
        How many.
    """
    old = delete(KnownDevice).where(KnownDevice.last_seen_at < seen_before)
    return len(session.scalars(old.returning(KnownDevice.device_id)).all())


def forget_devices(session: Session, user_id: str) -> None:
    """No device of a person is known any more."""
    session.execute(delete(KnownDevice).where(KnownDevice.user_id == user_id))


def forget_resets(session: Session, user_id: str) -> None:
    """Every reset link of a person is void."""
    session.execute(delete(PasswordReset).where(PasswordReset.user_id == user_id))


def take_reset(session: Session, token_digest: str, now: datetime) -> str | None:
    """Use a reset link once, by deleting it.

    Returns:
        Whose it was; None when it is used, too old or unknown.
    """
    statement = delete(PasswordReset).where(PasswordReset.digest == token_digest, PasswordReset.expires_at > now)
    return session.scalars(statement.returning(PasswordReset.user_id)).one_or_none()


def open_reset(session: Session, token_digest: str, now: datetime) -> str | None:
    """Whose reset link this is; None when it could not be used."""
    found = session.get(PasswordReset, token_digest)
    return found.user_id if found and found.expires_at > now else None


def wrong_tries(session: Session, digest: str) -> WrongTries | None:
    """The wrong tries under a key."""
    return session.get(WrongTries, digest)


def forgive(session: Session, digest: str) -> None:
    """Forget the wrong tries under a key."""
    session.execute(delete(WrongTries).where(WrongTries.digest == digest))


def purge_tries(session: Session, began_before: datetime, now: datetime) -> int:
    """Forget wrong tries that count no more.

    Returns:
        How many keys.
    """
    over = (WrongTries.window_began_at < began_before) & (
        WrongTries.locked_until.is_(None) | (WrongTries.locked_until < now)
    )
    return len(session.scalars(delete(WrongTries).where(over).returning(WrongTries.digest)).all())


def _changed(session: Session, statement: ReturningUpdate[tuple[str]]) -> bool:
    return session.execute(statement).first() is not None
