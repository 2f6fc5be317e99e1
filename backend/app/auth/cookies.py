"""The session cookie: its name and attributes follow the addresses that the page is served from."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from fastapi import Response

from app.auth.guards import COOKIE, SECURE_COOKIE
from app.config.settings import ServerSettings


@dataclass(frozen=True, slots=True)
class SessionCookie:
    """How the session cookie is set.

    Attributes:
        secure: Only over https; plain http is for loopback.
        cross_site: A page of another site may use it, in a jar of its own (`Partitioned`).
    """

    secure: bool
    cross_site: bool

    @classmethod
    def of(cls, settings: ServerSettings) -> "SessionCookie":
        """Choose the attributes from PUBLIC_URL and CORS_ORIGINS."""
        public = urlsplit(settings.public_url or "")
        secure = public.scheme == "https"
        hosts = {urlsplit(origin).hostname or "" for origin in settings.cors_origins}
        return cls(secure, secure and any(not _same_site(host, public.hostname or "") for host in hosts))

    @property
    def name(self) -> str:
        """`__Host-` when Secure."""
        return SECURE_COOKIE if self.secure else COOKIE

    def put(self, response: Response, value: str, max_age: int) -> None:
        """Set the cookie for `max_age` seconds; 0 removes it."""
        response.headers.append("set-cookie", self._header(value, max_age))

    def _header(self, value: str, max_age: int) -> str:
        parts = [f"{self.name}={value}", "Path=/", f"Max-Age={max_age}", "HttpOnly"]
        parts += ["Secure"] if self.secure else []
        parts += ["SameSite=None", "Partitioned"] if self.cross_site else ["SameSite=Lax"]
        return "; ".join(parts)


def _same_site(host: str, public_host: str) -> bool:
    # Narrower than the browsers' rule, which needs the public suffix list: one host must contain the other.
    return host == public_host or host.endswith(f".{public_host}") or public_host.endswith(f".{host}")
