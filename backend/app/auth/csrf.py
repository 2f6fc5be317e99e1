"""The page's token against forged requests: HMAC of the session's id, so nothing is stored."""

from app.core.security import derive, same


def issue(csrf_secret: str, session_id: str) -> str:
    """The token of a session."""
    return derive(csrf_secret, "v1", session_id)


def is_valid(csrf_secret: str, session_id: str, token: str | None) -> bool:
    """Whether a token is the one of this session."""
    return token is not None and same(issue(csrf_secret, session_id), token)
