"""How an account comes to be: the owner's by the set-up token, everybody else's by an invite."""

from sqlalchemy.orm import Session

from app.auth.errors import AuthRequired
from app.auth.principal import Transport
from app.auth.sessions import Issued, SessionService
from app.core.clock import now
from app.core.errors import InvalidFields
from app.core.security import PasswordHasher, same
from app.db.session import Database
from app.domain.accounts import service as accounts
from app.domain.accounts.errors import BootstrapClosed, UsernameTaken
from app.domain.accounts.repository import user_by_name
from app.domain.accounts.rules import normal_username, password_problem, username_problem
from app.domain.audit.service import Source, Trail


class JoiningService:
    """Makes accounts and signs their people in, in one transaction each.

    Args:
        database: Where accounts are kept.
        hasher: Hashes passwords, a few at a time.
        sessions: Opens the first sign-in.
        trail: Where acts are noted.
        bootstrap_token: What the owner's set-up link holds.
    """

    def __init__(
        self, database: Database, hasher: PasswordHasher, sessions: SessionService, trail: Trail, bootstrap_token: str
    ) -> None:
        self._database = database
        self._hasher = hasher
        self._sessions = sessions
        self._trail = trail
        self._bootstrap_token = bootstrap_token

    async def bootstrap(
        self,
        token: str | None,
        *,
        username: str,
        password: str,
        transport: Transport,
        device_id: str | None,
        source: Source,
    ) -> Issued:
        """Make the owner.

        Raises:
            AuthRequired: The token is missing or wrong.
            BootstrapClosed: There is an admin already.
            InvalidFields: The name or the password does not fit.
        """
        if token is None or not same(token, self._bootstrap_token):
            raise AuthRequired
        name = _checked(username, password)
        if not await self._database.read(accounts.setup_required):
            raise BootstrapClosed
        password_hash = await self._hasher.hash(password)

        def write(session: Session) -> Issued:
            user = accounts.create_owner(session, username=name, password_hash=password_hash, now=now())
            actor = source.by(user.id, user.username)
            self._trail.note(session, actor, "auth.bootstrap", target=("user", user.id), detail={"role": user.role})
            return self._sessions.open(session, user, transport, source, device_id)

        return await self._database.write(write)

    async def join(
        self,
        invite_code: str,
        *,
        username: str,
        password: str,
        display_name: str | None,
        transport: Transport,
        device_id: str | None,
        source: Source,
    ) -> Issued:
        """Redeem an invite into an account.

        Raises:
            InviteInvalid: The invite cannot be taken.
            UsernameTaken: The name is another's.
            InvalidFields: The name or the password does not fit.
        """
        name = _checked(username, password)

        def look(session: Session) -> bool:
            accounts.open_invite(session, invite_code, now())
            return user_by_name(session, name) is not None

        # Refused before the costly hash; the transaction below decides again.
        if await self._database.read(look):
            raise UsernameTaken
        password_hash = await self._hasher.hash(password)

        def write(session: Session) -> Issued:
            user = accounts.create_member(
                session,
                invite_code=invite_code,
                username=name,
                display_name=display_name or name,
                password_hash=password_hash,
                now=now(),
            )
            actor, detail = source.by(user.id, user.username), {"role": user.role, "invite": user.invite_id}
            self._trail.note(session, actor, "auth.register", target=("user", user.id), detail=detail)
            return self._sessions.open(session, user, transport, source, device_id)

        return await self._database.write(write)


def _checked(username: str, password: str) -> str:
    name = normal_username(username)
    problems = {"username": username_problem(name), "password": password_problem(password, name)}
    found = {field: problem for field, problem in problems.items() if problem}
    if found:
        raise InvalidFields(found)
    return name
