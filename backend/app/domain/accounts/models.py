"""Tables of people: workspaces, users, invites, login sessions and their tokens, devices, reset links, wrong tries."""

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base
from app.db.types import Id, Moment, PrimaryId, UtcDateTime


class Workspace(Base):
    """The group that people belong to; one exists, `default`. Its owner is set once, by a conditional update."""

    __tablename__ = "workspaces"

    id: Mapped[PrimaryId]
    name: Mapped[str] = mapped_column(String(80), unique=True)
    owner_id: Mapped[str | None] = mapped_column(String(36))
    created_at: Mapped[Moment]


class Invite(Base):
    """A door for `max_uses` people; only the digest of its code is kept."""

    __tablename__ = "invites"
    __table_args__ = (CheckConstraint("used_count <= max_uses", name="uses"),)

    id: Mapped[PrimaryId]
    workspace_id: Mapped[Id] = mapped_column(ForeignKey("workspaces.id"))
    created_by: Mapped[str | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    code_digest: Mapped[str] = mapped_column(String(64), unique=True)
    prefix: Mapped[str] = mapped_column(String(8))
    role: Mapped[str] = mapped_column(String(16))
    note: Mapped[str | None] = mapped_column(String(200))
    max_uses: Mapped[int]
    used_count: Mapped[int] = mapped_column(default=0)
    expires_at: Mapped[Moment]
    revoked_at: Mapped[Moment | None]
    created_at: Mapped[Moment]


class User(Base):
    __tablename__ = "users"

    id: Mapped[PrimaryId]
    workspace_id: Mapped[Id] = mapped_column(ForeignKey("workspaces.id"))
    invite_id: Mapped[str | None] = mapped_column(String(36))
    username: Mapped[str] = mapped_column(String(32), unique=True)
    display_name: Mapped[str] = mapped_column(String(80))
    password_hash: Mapped[str] = mapped_column(String(255))
    password_changed_at: Mapped[Moment]
    role: Mapped[str] = mapped_column(String(16))
    status: Mapped[str] = mapped_column(String(16))
    default_provider: Mapped[str | None] = mapped_column(String(64))
    default_model: Mapped[str | None] = mapped_column(String(200))
    preferences: Mapped[dict[str, object]] = mapped_column(JSON)
    keep_days: Mapped[int | None]
    created_at: Mapped[Moment]
    updated_at: Mapped[Moment]


class LoginSession(Base):
    """One sign-in. `sequence` counts the rotations of its refresh token; `proved_at` is the newest password proof."""

    __tablename__ = "sessions"

    id: Mapped[PrimaryId]
    user_id: Mapped[Id] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    transport: Mapped[str] = mapped_column(String(16))
    device: Mapped[str] = mapped_column(String(200))
    device_id: Mapped[str | None] = mapped_column(String(36))
    address: Mapped[str] = mapped_column(String(64))
    sequence: Mapped[int] = mapped_column(default=0)
    rotated_at: Mapped[Moment | None]
    created_at: Mapped[Moment]
    last_seen_at: Mapped[Moment]
    proved_at: Mapped[Moment]
    expires_at: Mapped[Moment]
    ended_at: Mapped[Moment | None]


class SessionToken(Base):
    """A credential of a session, by digest. Old ones stay, so that a replay is told from a guess."""

    __tablename__ = "session_tokens"
    __table_args__ = (Index("ix_session_tokens_session", "session_id"),)

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    session_id: Mapped[Id] = mapped_column(ForeignKey("sessions.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(16))
    sequence: Mapped[int]
    expires_at: Mapped[Moment]


class KnownDevice(Base):
    """A browser or program that a person has signed in with: strangers' wrong tries do not lock it out."""

    __tablename__ = "known_devices"

    device_id: Mapped[PrimaryId]
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True)
    last_seen_at: Mapped[Moment]


class PasswordReset(Base):
    """A one-time link to a new password; only the digest of its token is kept."""

    __tablename__ = "password_resets"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[Id] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    expires_at: Mapped[Moment]


class WrongTries(Base):
    """Wrong passwords for one account from unknown devices, or from one known device; kept by digest."""

    __tablename__ = "wrong_tries"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    count: Mapped[int]
    window_began_at: Mapped[Moment]
    locked_until: Mapped[Moment | None] = mapped_column(UtcDateTime, index=True)
