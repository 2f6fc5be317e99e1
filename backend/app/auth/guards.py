"""The locks on the doors: who is asking, by which credential, and whether the page's token came with it."""

from typing import Annotated, Final

from fastapi import Depends, Request

from app.auth import csrf
from app.auth.cookies import Cookies
from app.auth.errors import AdminRequired, AuthRequired, CsrfInvalid
from app.auth.principal import Principal
from app.auth.sessions import SessionService
from app.config.settings import AuthSettings
from app.core.addresses import UNKNOWN
from app.domain.audit.service import Source

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
USER_AGENT_CHARS: Final = 200


class Guard:
    """Turns a request into a Principal, or refuses.

    Args:
        sessions: Knows the credentials.
        cookies: Finds the cookie.
        settings: The mode and the CSRF key.
    """

    def __init__(self, sessions: SessionService, cookies: Cookies, settings: AuthSettings) -> None:
        self._sessions = sessions
        self._cookies = cookies
        self._mode = settings.mode
        self._csrf_secret = settings.csrf_secret.get_secret_value()

    async def authenticate(self, request: Request) -> Principal:
        """Who is asking, by the `Authorization` header if there is one, else by the cookie.

        Raises:
            AuthRequired: No credential, a bad one, or nobody's.
            SessionExpired: It was somebody's.
            UserInactive: The account is switched off.
            CsrfInvalid: A cookie came without the page's token on a request that changes something.
        """
        headers = request.headers.getlist("authorization")
        if headers and self._mode != "session":
            return await self._sessions.authenticate(_bearer_token(headers), "bearer")
        cookie = self._cookies.session(request)
        if self._mode == "bearer" or not cookie:
            raise AuthRequired
        person = await self._sessions.authenticate(cookie, "session")
        if request.method not in SAFE_METHODS and not self._is_from_the_page(request, person):
            raise CsrfInvalid
        return person

    def shows_credential(self, request: Request) -> bool:
        """Whether a request bears any credential, good or not."""
        return "authorization" in request.headers or bool(self._cookies.session(request))

    def _is_from_the_page(self, request: Request, person: Principal) -> bool:
        tokens = request.headers.getlist("x-csrf-token")
        return len(tokens) == 1 and csrf.is_valid(self._csrf_secret, person.session_id, tokens[0])


def require_admin(person: Principal) -> None:
    """Let only admins pass.

    Raises:
        AdminRequired: Somebody else.
    """
    if person.role != "admin":
        raise AdminRequired


def source_of(request: Request) -> Source:
    """Where a request comes from, for the audit log and the list of sign-ins."""
    state = request.state
    address: str = getattr(state, "client_address", UNKNOWN)
    return Source(address, request.headers.get("user-agent", "")[:USER_AGENT_CHARS], getattr(state, "request_id", None))


async def source(request: Request) -> Source:
    """Where a request comes from."""
    return source_of(request)


async def principal(request: Request) -> Principal:
    """Who is asking; the door let them in.

    Raises:
        AuthRequired: The door is open to anyone, so nobody was asked for.
    """
    found = getattr(request.state, "principal", None)
    if not isinstance(found, Principal):
        raise AuthRequired
    return found


async def acting(request: Request, person: Annotated[Principal, Depends(principal)]) -> Source:
    """Where a request comes from, and who is asking."""
    return source_of(request).by(person.user_id, person.username)


def _bearer_token(headers: list[str]) -> str:
    scheme, _, token = headers[0].partition(" ")
    if len(headers) > 1 or scheme.lower() != "bearer" or not token.strip():
        raise AuthRequired
    return token.strip()
