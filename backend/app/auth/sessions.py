"""Sign-ins: log in, authenticate, rotate, end. Tokens are random or derived from random ones and stored as digests.

A refresh token's successor is derived from it, so a repeat within the grace answers the same without storing a secret.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from app.auth.errors import (
    AuthModeInvalid,
    AuthRequired,
    InvalidCredentials,
    RefreshReused,
    SessionExpired,
    UserInactive,
)
from app.auth.principal import Client, Principal, Transport
from app.config.settings import AuthSettings
from app.core.clock import now as utc_now
from app.core.ids import new_id
from app.core.security import PasswordHasher, derive, digest, new_token
from app.db.session import Database
from app.domain.accounts import repository
from app.domain.accounts.models import LoginSession, SessionToken, User
from app.domain.accounts.rules import normal_username

TOUCH_AFTER: Final = timedelta(seconds=60)
REMEMBER_ENDED: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Issued:
    """A sign-in's credentials, to be handed out once.

    Attributes:
        user: Whose.
        session_id: The sign-in.
        transport: `session`: `cookie` is set; `bearer`: the two tokens are.
        expires_in: Seconds that the access token lives, or the cookie at most.
    """

    user: User
    session_id: str
    transport: Transport
    expires_in: int
    cookie: str | None = None
    access_token: str | None = None
    refresh_token: str | None = None


class SessionService:
    """Everything that opens, checks or ends a sign-in.

    Args:
        database: Where sign-ins are kept.
        hasher: Checks passwords.
        settings: Lifetimes, keys and the mode.
    """

    def __init__(self, database: Database, hasher: PasswordHasher, settings: AuthSettings) -> None:
        self._database = database
        self._hasher = hasher
        self._settings = settings
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

    async def log_in(self, username: str, password: str, transport: Transport, client: Client) -> Issued:
        """Open a sign-in for a name and a password.

        Raises:
            InvalidCredentials: Whatever is wrong with either.
            UserInactive: The password is right and the account is switched off.
        """
        name = normal_username(username)
        user = await self._database.read(lambda session: repository.user_by_name(session, name))
        right, upgraded = await self._hasher.verify(password, user.password_hash if user else None)
        if not right or user is None:
            raise InvalidCredentials
        if user.status != "active":
            raise UserInactive

        def write(session: Session) -> Issued:
            person = session.get_one(User, user.id)
            if upgraded:
                person.password_hash = upgraded
            return self.open(session, person, transport, client)

        return await self._database.write(write)

    def open(self, session: Session, user: User, transport: Transport, client: Client) -> Issued:
        """Open a sign-in inside the caller's transaction."""
        moment = utc_now()
        login = LoginSession(
            id=new_id(),
            user_id=user.id,
            transport=transport,
            device=client.device,
            address=client.address,
            sequence=0,
            rotated_at=None,
            created_at=moment,
            last_seen_at=moment,
            expires_at=moment + timedelta(seconds=self._settings.session_absolute_seconds),
            ended_at=None,
        )
        session.add(login)
        session.flush()
        secret = new_token()
        if transport == "session":
            self._store(session, login, "cookie", secret, login.expires_at)
            seconds = int(self._settings.session_absolute_seconds)
            return Issued(user, login.id, transport, seconds, cookie=secret)
        return self._bear(session, user, login, secret, moment)

    async def authenticate(self, token: str, transport: Transport) -> Principal:
        """Find out whose a credential is.

        Raises:
            AuthRequired: Nobody's.
            SessionExpired: Somebody's once.
            UserInactive: Of an account that is switched off.
        """
        kind = "cookie" if transport == "session" else "access"
        found = await self._database.read(lambda session: repository.credential(session, digest(token), kind))
        if found is None:
            raise AuthRequired
        row, login, user = found
        moment = utc_now()
        idle_end = login.last_seen_at + timedelta(seconds=self._settings.session_idle_seconds)
        if (
            login.ended_at
            or min(row.expires_at, login.expires_at) <= moment
            or (kind == "cookie" and idle_end <= moment)
        ):
            raise SessionExpired
        if user.status != "active":
            raise UserInactive
        if moment - login.last_seen_at > TOUCH_AFTER:
            await self._database.write(lambda session: repository.touch(session, login.id, moment))
        return Principal(user.id, user.role, login.id, transport)

    async def refresh(self, refresh_token: str) -> Issued:
        """Exchange a refresh token for its successor.

        Raises:
            AuthRequired: Nobody's.
            SessionExpired: Its sign-in has ended or is too old.
            RefreshReused: It was used before; the whole sign-in has been ended.
            UserInactive: The account is switched off.
        """
        issued = await self._database.write(lambda session: self._rotate(session, refresh_token))
        if issued is None:
            raise RefreshReused
        return issued

    async def end(self, session_id: str) -> None:
        """Log out."""
        await self._database.write(lambda session: repository.end_session(session, session_id, utc_now()))

    async def purge(self) -> int:
        """Forget sign-ins that ended longer ago than `SESSION_EXPIRED` is told for."""
        before = utc_now() - REMEMBER_ENDED
        return await self._database.write(lambda session: repository.purge_sessions(session, before))

    def _rotate(self, session: Session, refresh_token: str) -> Issued | None:
        found = repository.credential(session, digest(refresh_token), "refresh")
        if found is None:
            raise AuthRequired
        row, login, user = found
        moment = utc_now()
        if login.ended_at or min(row.expires_at, login.expires_at) <= moment:
            raise SessionExpired
        if user.status != "active":
            raise UserInactive
        successor = derive(self._key, "refresh", refresh_token)
        if row.sequence == login.sequence and repository.advance(session, login.id, row.sequence, moment):
            session.refresh(login)
            return self._bear(session, user, login, successor, moment)
        session.refresh(login)
        grace = timedelta(seconds=self._settings.refresh_grace_seconds)
        if row.sequence == login.sequence - 1 and login.rotated_at and moment - login.rotated_at <= grace:
            seconds = self._settings.access_ttl_seconds - (moment - login.rotated_at).total_seconds()
            return self._bearer(user, login, successor, max(0, int(seconds)))
        repository.end_session(session, login.id, moment)
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
        return Issued(user, login.id, "bearer", expires_in, access_token=access, refresh_token=refresh)

    @staticmethod
    def _store(session: Session, login: LoginSession, kind: str, token: str, expires_at: datetime) -> None:
        session.add(
            SessionToken(
                digest=digest(token), session_id=login.id, kind=kind, sequence=login.sequence, expires_at=expires_at
            )
        )
