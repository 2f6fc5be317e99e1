"""Everything that asks for a password: signing in, proving it again, changing it, and setting it by a one-time link.

An unknown name and a wrong password run through the same steps and cost the same.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.auth.devices import DeviceTokens
from app.auth.errors import InvalidCredentials, UserInactive
from app.auth.principal import Principal, Transport
from app.auth.sessions import Issued, SessionService
from app.core.clock import now as utc_now
from app.core.errors import InvalidFields, OmniError
from app.core.security import PasswordHasher, derive
from app.db.session import Database
from app.domain.accounts import repository
from app.domain.accounts import service as accounts
from app.domain.accounts.errors import AccountLocked
from app.domain.accounts.models import LoginSession, User
from app.domain.accounts.rules import normal_username, password_problem
from app.domain.audit.service import Source, Trail


@dataclass(frozen=True, slots=True)
class _Try:
    """One password given for one account.

    Attributes:
        action: What it is for, as the audit log names it.
        user: As read before the password was checked; None for an unknown name.
        key: What wrong tries are counted by: the name, the person's known device, or the person.
        locked_until: Tries are refused until then.
    """

    action: str
    user: User | None
    key: str
    locked_until: datetime | None


class PasswordService:
    """Checks and changes passwords.

    Args:
        database: Where accounts are kept.
        hasher: Checks and makes hashes, a few at a time.
        sessions: Opens sign-ins.
        devices: Reads device tokens.
        trail: Where acts are noted.
        key: Keys under which wrong tries are counted are derived from it.
        locking: Whether wrong tries lock.
    """

    def __init__(
        self,
        database: Database,
        hasher: PasswordHasher,
        sessions: SessionService,
        devices: DeviceTokens,
        trail: Trail,
        *,
        key: str,
        locking: bool,
    ) -> None:
        self._database = database
        self._hasher = hasher
        self._sessions = sessions
        self._devices = devices
        self._trail = trail
        self._key = key
        self._locking = locking

    async def log_in(
        self, username: str, password: str, transport: Transport, device_token: str | None, source: Source
    ) -> Issued:
        """Open a sign-in for a name and a password.

        Args:
            username: As typed.
            password: As typed.
            transport: How the credential will travel.
            device_token: What an earlier sign-in on this device was given.
            source: Where from.

        Raises:
            InvalidCredentials: Whatever is wrong with either.
            UserInactive: The password is right and the account is switched off.
            AccountLocked: There were too many wrong passwords, whatever this one is.
            Overloaded: Too many passwords are being checked.
        """
        name = normal_username(username)
        device_id = self._devices.read(device_token)

        def look(session: Session) -> _Try:
            user = repository.user_by_name(session, name)
            known = user is not None and device_id is not None and repository.knows_device(session, device_id, user.id)
            key = self._key_of("device", f"{device_id} {name}") if known else self._key_of("name", name)
            return self._try(session, "auth.login", user, key)

        def sign_in(session: Session, person: User) -> Issued:
            issued = self._sessions.open(session, person, transport, source, device_id)
            actor = source.by(person.id, person.username)
            target = ("session", issued.session_id)
            self._trail.note(session, actor, "auth.login", target=target, detail={"transport": transport})
            return issued

        return await self._given(await self._database.read(look), password, source, sign_in)

    async def prove(self, principal: Principal, password: str, source: Source) -> None:
        """Renew the proof that the person at this sign-in knows the password.

        Raises:
            InvalidCredentials: It is wrong.
            AccountLocked: There were too many wrong ones.
        """

        def renew(session: Session, _person: User) -> None:
            repository.prove(session, principal.session_id, utc_now())
            self._trail.note(session, source, "auth.reauthenticated", target=("session", principal.session_id))

        await self._given(await self._try_of(principal, "auth.reauthenticated"), password, source, renew)

    async def change(self, principal: Principal, current: str, new: str, source: Source) -> Issued:
        """Change one's own password: every sign-in ends and a new one is opened.

        Raises:
            InvalidFields: The new one does not fit.
            InvalidCredentials: The current one is wrong.
            AccountLocked: There were too many wrong ones.
        """
        _refuse_unfit(new, principal.username)
        attempt = await self._try_of(principal, "auth.password_changed")
        _refuse_locked(attempt.locked_until)
        password_hash = await self._hasher.hash(new)

        def replace(session: Session, person: User) -> Issued:
            device_id = session.get_one(LoginSession, principal.session_id).device_id
            accounts.set_password(session, person, password_hash, utc_now())
            issued = self._sessions.open(session, person, principal.transport, source, device_id)
            self._trail.note(session, source, "auth.password_changed", target=("user", person.id))
            return issued

        return await self._given(attempt, current, source, replace)

    async def reset(self, token: str, new: str, source: Source) -> None:
        """Set a password by a one-time link: every sign-in ends, wrong tries are forgiven.

        Raises:
            ResetInvalid: The link is used, too old or unknown.
            InvalidFields: The password does not fit; the link stays good.
        """
        person = await self._database.read(lambda session: accounts.person_of_reset(session, token, utc_now()))
        _refuse_unfit(new, person.username)
        password_hash = await self._hasher.hash(new)

        def write(session: Session) -> None:
            found = accounts.take_reset(session, token, utc_now())
            accounts.set_password(session, found, password_hash, utc_now())
            repository.forgive(session, self._key_of("name", found.username))
            self._trail.note(
                session, source.by(found.id, found.username), "auth.password_reset", target=("user", found.id)
            )

        await self._database.write(write)

    async def purge(self) -> int:
        """Forget wrong tries that count no more."""
        return await self._database.write(lambda session: accounts.purge_tries(session, utc_now()))

    async def _given[T](self, attempt: _Try, password: str, source: Source, then: Callable[[Session, User], T]) -> T:
        _refuse_locked(attempt.locked_until)
        right, upgraded = await self._hasher.verify(password, attempt.user.password_hash if attempt.user else None)

        def write(session: Session) -> T | OmniError:
            # A refusal is returned, not raised: what was counted and noted must be committed.
            person = self._judged(session, attempt, right, source)
            if isinstance(person, OmniError):
                return person
            if upgraded:
                person.password_hash = upgraded
            return then(session, person)

        outcome = await self._database.write(write)
        if isinstance(outcome, OmniError):
            raise outcome
        return outcome

    def _judged(self, session: Session, attempt: _Try, right: bool, source: Source) -> User | OmniError:
        # Once more, now inside the transaction: many tries at once must not outrun the count.
        locked_until = self._locked_until(session, attempt.key)
        known = attempt.user
        if known is not None:
            source = source.by(known.id, known.username)
        if locked_until is not None:
            return self._refused(session, attempt, source, _locked(locked_until))
        person = repository.user_by_id(session, known.id) if known and right else None
        # A password that was changed while it was being checked opens nothing any more.
        if not right or not known or not person or person.password_changed_at != known.password_changed_at:
            if self._locking and accounts.count_wrong_try(session, attempt.key, utc_now()):
                self._trail.note(session, source, "auth.account_locked", outcome="refused")
            return self._refused(session, attempt, source, InvalidCredentials())
        if person.status != "active":
            return self._refused(session, attempt, source, UserInactive())
        repository.forgive(session, attempt.key)
        return person

    def _refused(self, session: Session, attempt: _Try, source: Source, error: OmniError) -> OmniError:
        self._trail.note(session, source, attempt.action, outcome="refused", detail={"reason": error.code.value})
        return error

    async def _try_of(self, principal: Principal, action: str) -> _Try:
        def look(session: Session) -> _Try:
            user = repository.user_by_id(session, principal.user_id)
            return self._try(session, action, user, self._key_of("person", principal.user_id))

        return await self._database.read(look)

    def _try(self, session: Session, action: str, user: User | None, key: str) -> _Try:
        return _Try(action, user, key, self._locked_until(session, key))

    def _locked_until(self, session: Session, key: str) -> datetime | None:
        return accounts.locked_until(session, key, utc_now()) if self._locking else None

    def _key_of(self, kind: str, value: str) -> str:
        return derive(self._key, f"tries {kind}", value)


def _locked(until: datetime) -> AccountLocked:
    return AccountLocked(retry_after=max(1, round((until - utc_now()).total_seconds())))


def _refuse_locked(until: datetime | None) -> None:
    if until is not None:
        raise _locked(until)


def _refuse_unfit(password: str, username: str) -> None:
    if problem := password_problem(password, username):
        raise InvalidFields({"new_password": problem})
