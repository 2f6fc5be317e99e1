"""Admin acts: a noun's change, its audit entry and what it revokes, in one transaction. Never reads a message."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.core.clock import now
from app.db.engine import stored_bytes
from app.db.session import Database
from app.domain.accounts import repository as account_rows
from app.domain.accounts import service as accounts
from app.domain.accounts.models import Invite, PasswordReset, User
from app.domain.accounts.rules import Role
from app.domain.audit import repository as audit_rows
from app.domain.audit.service import Source, Trail
from app.domain.conversations import repository as conversation_rows
from app.domain.generations import repository as generation_rows
from app.domain.quotas import repository as quota_rows
from app.domain.quotas import service as quotas
from app.domain.quotas.rules import Limits
from app.services.generation.manager import GenerationManager
from app.services.removal import Revoked


@dataclass(frozen=True, slots=True)
class Figures:
    """The place in numbers; `used` is today's messages, prompt tokens and answer tokens."""

    people: Mapping[tuple[str, str], int]
    open_invites: int
    live_sessions: int
    conversations: int
    messages: int
    active_streams: int
    used: tuple[int, int, int]
    database_bytes: int
    audit_entries: int


class AdministrationService:
    """What admins do to people; an act of somebody who is no admin any more when its turn comes is `Overtaken`.

    Args:
        database: Where people are kept.
        manager: Runs answers that may have to stop.
        trail: Where acts are noted.
        revoked: Called when somebody may no longer read.
        defaults: Limits of those who have none of their own.
    """

    def __init__(
        self, database: Database, manager: GenerationManager, trail: Trail, revoked: Revoked, defaults: Limits
    ) -> None:
        self._database = database
        self._manager = manager
        self._trail = trail
        self._revoked = revoked
        self._defaults = defaults

    async def make_invite(
        self, role: Role, note: str | None, max_uses: int, lifetime: timedelta, source: Source
    ) -> tuple[Invite, str]:
        """Make an invite.

        Returns:
            The invite and its code, which is not kept.
        """

        def write(session: Session) -> tuple[Invite, str]:
            made, code = accounts.create_invite(
                session,
                created_by=source.actor_id or "",
                role=role,
                note=note,
                max_uses=max_uses,
                expires_in=lifetime,
                now=now(),
            )
            detail: dict[str, object] = {"role": role, "max_uses": max_uses, "expires_at": made.expires_at.isoformat()}
            self._trail.note(session, source, "invite.created", target=("invite", made.id), detail=detail)
            return made, code

        return await self._act(source, write)

    async def revoke_invite(self, invite_id: str, source: Source) -> Invite:
        """Close an invite.

        Raises:
            InviteMissing: There is none with this id.
        """

        def write(session: Session) -> Invite:
            found = accounts.revoke_invite(session, invite_id, now())
            self._trail.note(session, source, "invite.revoked", target=("invite", found.id))
            return found

        return await self._act(source, write)

    async def change_user(
        self, user_id: str, changes: dict[str, object], source: Source
    ) -> tuple[User, datetime | None]:
        """Change a person's role, status or display name; switching off stops their answers and readers.

        Args:
            user_id: Whom.
            changes: Column → value.
            source: By whom.

        Raises:
            UserMissing: There is no such person.
            LastAdmin: Nobody who can administer would be left.
        """

        def write(session: Session) -> tuple[User, list[str]]:
            before = {name: getattr(accounts.get_user(session, user_id), name) for name in changes}
            user = accounts.change_user(session, user_id, changes, now())
            detail: dict[str, object] = {"before": before, "after": dict(changes)}
            self._trail.note(session, source, "user.updated", target=("user", user.id), detail=detail)
            running = [] if user.status == "active" else generation_rows.active_ids(session, user.id)
            return user, running

        user, running = await self._act(source, write)
        if user.status != "active":
            await self._revoked()
        for generation_id in running:
            await self._manager.cancel(generation_id)
        return await self._database.read(lambda session: accounts.get_user_seen(session, user_id))

    async def revoke_sessions(self, user_id: str, source: Source) -> None:
        """End every sign-in of a person.

        Raises:
            UserMissing: There is no such person.
        """

        def write(session: Session) -> None:
            user = accounts.get_user(session, user_id)
            count = account_rows.end_sessions(session, user.id, now())
            target = ("user", user.id)
            self._trail.note(session, source, "user.sessions_revoked", target=target, detail={"count": count})

        await self._act(source, write)
        await self._revoked()

    async def make_reset(self, user_id: str, source: Source) -> tuple[PasswordReset, str]:
        """Make a one-time link to a new password.

        Returns:
            The link's row and its token, which is not kept.

        Raises:
            UserMissing: There is no such person.
        """

        def write(session: Session) -> tuple[PasswordReset, str]:
            made = accounts.create_reset(session, user_id, now())
            self._trail.note(session, source, "user.reset_link_created", target=("user", user_id))
            return made

        return await self._act(source, write)

    async def limits(self, user_id: str) -> tuple[Limits, bool]:
        """A person's limits, and whether they are the defaults.

        Raises:
            UserMissing: There is no such person.
        """

        def read(session: Session) -> tuple[Limits, bool]:
            return quotas.limits_of(session, accounts.get_user(session, user_id).id, self._defaults)

        return await self._database.read(read)

    async def set_limits(self, user_id: str, limits: Limits | None, source: Source) -> None:
        """Give a person limits of their own, or with None the defaults again.

        Raises:
            UserMissing: There is no such person.
        """

        def write(session: Session) -> None:
            user = accounts.get_user(session, user_id)
            before, _ = quotas.limits_of(session, user.id, self._defaults)
            if limits is None:
                quota_rows.drop_quota(session, user.id)
            else:
                quotas.set_limits(session, user.id, limits, now())
            after = limits or self._defaults
            detail: dict[str, object] = {"before": _plain(before), "after": _plain(after)}
            action = "quota.updated" if limits else "quota.reset"
            self._trail.note(session, source, action, target=("user", user.id), detail=detail)

        await self._act(source, write)

    async def figures(self) -> Figures:
        """The place in numbers."""

        def read(session: Session) -> Figures:
            conversations, messages = conversation_rows.counts_any_owner(session)
            return Figures(
                people=account_rows.user_counts(session),
                open_invites=account_rows.open_invites(session, now()),
                live_sessions=account_rows.count_live_sessions(session, now()),
                conversations=conversations,
                messages=messages,
                active_streams=generation_rows.count_running_any_owner(session),
                used=quota_rows.used_on(session, now().date()),
                database_bytes=stored_bytes(session),
                audit_entries=audit_rows.last_seq(session),
            )

        return await self._database.read(read)

    async def _act[T](self, source: Source, work: Callable[[Session], T]) -> T:
        def write(session: Session) -> T:
            accounts.refuse_overtaken(session, source.actor_id, "admin")
            return work(session)

        return await self._database.write(write)


def _plain(limits: Limits) -> dict[str, object]:
    return {"messages_per_day": limits.messages, "tokens_per_day": limits.tokens}
