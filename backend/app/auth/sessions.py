"""Sign-ins: open, authenticate, rotate, list, end. Tokens are random or derived from random ones and stored as digests.

A refresh token's successor is derived from it, so a repeat within the grace answers the same without storing a secret.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from app.auth.devices import DeviceTokens
from app.auth.errors import AuthModeInvalid, AuthRequired, ReauthRequired, RefreshReused, SessionExpired, UserInactive
from app.auth.principal import Principal, Transport
from app.config.settings import AuthSettings
from app.core.clock import now as utc_now
from app.core.ids import new_id
from app.core.pagination import PageOf, PageRequest
from app.core.security import derive, digest, new_token
from app.db.session import Database
from app.domain.accounts import repository
from app.domain.accounts import service as accounts
from app.domain.accounts.models import LoginSession, SessionToken, User
from app.domain.audit.service import Source, Trail

TOUCH_AFTER: Final = timedelta(seconds=60)
REMEMBER_ENDED: Final = timedelta(days=30)
REMEMBER_DEVICE: Final = timedelta(days=400)
"""As long as browsers keep a cookie."""


@dataclass(frozen=True, slots=True)
class Issued:
    """A sign-in's credentials, to be handed out once.

    Attributes:
        user: Whose.
        session_id: The sign-in.
        transport: `session`: `cookie` is set; `bearer`: the two tokens are.
        expires_in: Seconds that the access token lives, or the cookie at most.
        device_token: Tells a later sign-in that the device is known.
    """

    user: User
    session_id: str
    transport: Transport
    expires_in: int
    device_token: str
    cookie: str | None = None
    access_token: str | None = None
    refresh_token: str | None = None


class SessionService:
    """Everything that opens, checks or ends a sign-in.

    Args:
        database: Where sign-ins are kept.
        settings: Lifetimes, keys and the mode.
        devices: Names the devices that signed in.
        trail: Where acts are noted.
    """

    def __init__(self, database: Database, settings: AuthSettings, devices: DeviceTokens, trail: Trail) -> None:
        self._database = database
        self._settings = settings
        self._devices = devices
        self._trail = trail
        self._key = settings.secret_key.get_secret_value()

    def transport(self, wanted: Transport | None) -> Transport:
        """The transport that a sign-in gets.

        Raises:
            AuthModeInvalid: The server's mode does not allow the wanted one.
        """
        mode = self._settings.mode
        if wanted is None:
            return "session" if mode == "session" else "bearer"
        if mode not in {"auto", wanted}:
            raise AuthModeInvalid
        return wanted

    def open(
        self, session: Session, user: User, transport: Transport, source: Source, device_id: str | None = None
    ) -> Issued:
        """Open a sign-in inside the caller's transaction.

        Args:
            session: The caller's transaction.
            user: Whose; they have just proved to be it.
            transport: How its credential will travel.
            source: Where from.
            device_id: The device, if it was named; a new one otherwise.
        """
        moment = utc_now()
        login = LoginSession(
            id=new_id(),
            user_id=user.id,
            transport=transport,
            device=source.user_agent,
            device_id=device_id or new_id(),
            address=source.address,
            sequence=0,
            rotated_at=None,
            created_at=moment,
            last_seen_at=moment,
            proved_at=moment,
            expires_at=moment + timedelta(seconds=self._settings.session_absolute_seconds),
            ended_at=None,
        )
        session.add(login)
        session.flush()
        repository.remember_device(session, login.device_id or "", user.id, moment)
        secret = new_token()
        if transport == "session":
            self._store(session, login, "cookie", secret, login.expires_at)
            seconds = int(self._settings.session_absolute_seconds)
            return Issued(user, login.id, transport, seconds, self._device_token(login), cookie=secret)
        return self._bear(session, user, login, secret, moment)

    async def authenticate(self, token: str, transport: Transport) -> Principal:
        """Find out whose a credential is.

        Raises:
            AuthRequired: Nobody's.
            SessionExpired: Somebody's once.
            UserInactive: Of an account that is switched off.
        """
        kind = "cookie" if transport == "session" else "access"
        found = await self._database.read(lambda session: repository.shown(session, digest(token), kind))
        if found is None:
            raise AuthRequired
        moment = utc_now()
        idle_end = found.last_seen_at + self._idle
        if (
            found.ended_at
            or min(found.token_expires_at, found.expires_at) <= moment
            or (kind == "cookie" and idle_end <= moment)
        ):
            raise SessionExpired
        if found.status != "active":
            raise UserInactive
        if moment - found.last_seen_at > min(TOUCH_AFTER, self._idle / 4):
            await self._database.write(lambda session: repository.touch(session, found.session_id, moment))
        remembered = found.preferences.get("memory_enabled") is True
        return Principal(
            found.user_id, found.username, found.role, found.session_id, transport, found.proved_at, remembered
        )

    async def refresh(self, refresh_token: str, source: Source) -> Issued:
        """Exchange a refresh token for its successor.

        Raises:
            AuthRequired: Nobody's.
            SessionExpired: Its sign-in has ended or is too old.
            RefreshReused: It was used before; the whole sign-in has been ended.
            UserInactive: The account is switched off.
        """
        issued = await self._database.write(lambda session: self._rotate(session, refresh_token, source))
        if issued is None:
            raise RefreshReused
        return issued

    def require_proof(self, principal: Principal) -> None:
        """Let only those pass who gave their password lately.

        Raises:
            ReauthRequired: It is too long ago.
        """
        if utc_now() - principal.proved_at > timedelta(seconds=self._settings.reauth_seconds):
            raise ReauthRequired

    async def list_live(self, user_id: str, page: PageRequest) -> PageOf[LoginSession]:
        """A page of a person's sign-ins that still count, newest first."""
        moment = utc_now()
        return await self._database.read(
            lambda session: accounts.list_sessions(session, user_id, page, now=moment, seen_after=moment - self._idle)
        )

    async def end(self, principal: Principal, source: Source) -> None:
        """Log out."""

        def write(session: Session) -> None:
            repository.end_session(session, principal.session_id, utc_now())
            self._trail.note(session, source, "auth.logout", target=("session", principal.session_id))

        await self._database.write(write)

    async def end_one(self, principal: Principal, session_id: str, source: Source) -> None:
        """End one of the person's sign-ins.

        Raises:
            SessionMissing: They have no live one with this id.
        """

        def write(session: Session) -> None:
            accounts.end_own_session(session, principal.user_id, session_id, utc_now())
            self._trail.note(session, source, "auth.session_ended", target=("session", session_id))

        await self._database.write(write)

    async def end_others(self, principal: Principal, source: Source) -> None:
        """End every other sign-in of the person."""

        def write(session: Session) -> None:
            count = repository.end_sessions(session, principal.user_id, utc_now(), keep=principal.session_id)
            self._trail.note(session, source, "auth.sessions_ended", detail={"count": count})

        await self._database.write(write)

    async def purge(self) -> int:
        """Forget sign-ins that ended longer ago than `SESSION_EXPIRED` is told for, and devices long unused.

        Returns:
            How many of both.
        """
        moment = utc_now()

        def write(session: Session) -> int:
            ended = repository.purge_sessions(session, moment - REMEMBER_ENDED)
            return ended + repository.purge_devices(session, moment - REMEMBER_DEVICE)

        return await self._database.write(write)

    @property
    def _idle(self) -> timedelta:
        return timedelta(seconds=self._settings.session_idle_seconds)

    def _rotate(self, session: Session, refresh_token: str, source: Source) -> Issued | None:
        found = repository.credential(session, digest(refresh_token), "refresh")
        if found is None:
            raise AuthRequired
        row, login, user = found
        moment = utc_now()
        # Time ends the newest token only: an older one that comes again is a replay, however old.
        newest = row.sequence == login.sequence
        if login.ended_at or login.expires_at <= moment or (newest and row.expires_at <= moment):
            raise SessionExpired
        if user.status != "active":
            raise UserInactive
        successor = derive(self._key, "refresh", refresh_token)
        if newest and repository.advance(session, login.id, row.sequence, moment):
            session.refresh(login)
            return self._bear(session, user, login, successor, moment)
        session.refresh(login)
        grace = timedelta(seconds=self._settings.refresh_grace_seconds)
        if row.sequence == login.sequence - 1 and login.rotated_at and moment - login.rotated_at <= grace:
            seconds = self._settings.access_ttl_seconds - (moment - login.rotated_at).total_seconds()
            return self._bearer(user, login, successor, max(0, int(seconds)))
        repository.end_session(session, login.id, moment)
        actor = source.by(user.id, user.username)
        self._trail.note(session, actor, "auth.refresh_reused", outcome="refused", target=("session", login.id))
        return None

    def _bear(self, session: Session, user: User, login: LoginSession, refresh: str, moment: datetime) -> Issued:
        idle_end = moment + timedelta(seconds=self._settings.refresh_idle_seconds)
        access_end = moment + timedelta(seconds=self._settings.access_ttl_seconds)
        issued = self._bearer(user, login, refresh, int(self._settings.access_ttl_seconds))
        self._store(session, login, "refresh", refresh, min(idle_end, login.expires_at))
        self._store(session, login, "access", issued.access_token or "", min(access_end, login.expires_at))
        return issued

    def _bearer(self, user: User, login: LoginSession, refresh: str, expires_in: int) -> Issued:
        access = derive(self._key, "access", refresh)
        token = self._device_token(login)
        return Issued(user, login.id, "bearer", expires_in, token, access_token=access, refresh_token=refresh)

    def _device_token(self, login: LoginSession) -> str:
        return self._devices.issue(login.device_id or login.id)

    @staticmethod
    def _store(session: Session, login: LoginSession, kind: str, token: str, expires_at: datetime) -> None:
        session.add(
            SessionToken(
                digest=digest(token), session_id=login.id, kind=kind, sequence=login.sequence, expires_at=expires_at
            )
        )
