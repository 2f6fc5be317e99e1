"""Every query about people, invites and sign-ins."""

from datetime import datetime

from sqlalchemy import delete, select, tuple_, update
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningUpdate

from app.core.pagination import PageRequest
from app.domain.accounts.models import Invite, LoginSession, SessionToken, User, Workspace

DEFAULT_WORKSPACE = "default"


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


def credential(session: Session, token_digest: str, kind: str) -> tuple[SessionToken, LoginSession, User] | None:
    """The token with its session and person, by digest."""
    statement = (
        select(SessionToken, LoginSession, User)
        .join(LoginSession, LoginSession.id == SessionToken.session_id)
        .join(User, User.id == LoginSession.user_id)
        .where(SessionToken.digest == token_digest, SessionToken.kind == kind)
    )
    row = session.execute(statement).one_or_none()
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


def _changed(session: Session, statement: ReturningUpdate[tuple[str]]) -> bool:
    return session.execute(statement).first() is not None
