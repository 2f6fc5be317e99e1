"""The locks on the doors: FastAPI dependencies that turn a request into a Principal, or refuse."""

from typing import Annotated, Final

from fastapi import Depends, Request

from app.auth import csrf
from app.auth.errors import AdminRequired, AuthRequired, CsrfInvalid
from app.auth.principal import Client, Principal
from app.auth.sessions import SessionService
from app.config.settings import AuthSettings

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
COOKIE: Final = "omniai_session"
SECURE_COOKIE: Final = f"__Host-{COOKIE}"
DEVICE_CHARS: Final = 200


async def principal(request: Request) -> Principal:
    """Who is asking, by the `Authorization` header if there is one, else by the cookie.

    Raises:
        AuthRequired: No credential, a bad one, or nobody's.
        SessionExpired: It was somebody's.
        UserInactive: The account is switched off.
        CsrfInvalid: A cookie came without the page's token on a request that changes something.
    """
    settings: AuthSettings = request.app.state.auth_settings
    sessions: SessionService = request.app.state.sessions
    headers = request.headers.getlist("authorization")
    if headers and settings.mode != "session":
        return await sessions.authenticate(_bearer_token(headers), "bearer")
    cookie = request.cookies.get(request.app.state.cookies.name)
    if settings.mode == "bearer" or not cookie:
        raise AuthRequired
    person = await sessions.authenticate(cookie, "session")
    if request.method not in SAFE_METHODS:
        secret = settings.csrf_secret.get_secret_value()
        if not csrf.is_valid(secret, person.session_id, request.headers.get("x-csrf-token")):
            raise CsrfInvalid
    return person


async def admin(person: Annotated[Principal, Depends(principal)]) -> Principal:
    """An admin.

    Raises:
        AdminRequired: Somebody else.
    """
    if person.role != "admin":
        raise AdminRequired
    return person


def client(request: Request) -> Client:
    """Where the request comes from."""
    address = request.client.host if request.client else "unknown"
    return Client(address, request.headers.get("user-agent", "")[:DEVICE_CHARS])


def _bearer_token(headers: list[str]) -> str:
    scheme, _, token = headers[0].partition(" ")
    if len(headers) > 1 or scheme.lower() != "bearer" or not token.strip():
        raise AuthRequired
    return token.strip()
