"""The cookies: their names and attributes follow the addresses that the page is served from, or are set."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from fastapi import Request, Response

from app.config.settings import ServerSettings

SESSION: Final = "omniai_session"
DEVICE: Final = "omniai_device"
DEVICE_SECONDS: Final = 400 * 86_400
"""The longest that browsers keep a cookie (RFC 6265bis, 5.6.1)."""


@dataclass(frozen=True, slots=True)
class Cookies:
    """How cookies are set and read.

    Attributes:
        secure: Only over https, with the prefix `__Host-`; plain http is for loopback.
        same_site: `Lax` on one site, `None` when a page of another site may use them.
        partitioned: In a jar of its own for each such page.
    """

    secure: bool
    same_site: str
    partitioned: bool

    @classmethod
    def of(cls, settings: ServerSettings) -> "Cookies":
        """Choose the attributes from PUBLIC_URL and CORS_ORIGINS, unless they are set."""
        public = urlsplit(settings.public_url or "")
        secure = public.scheme == "https" if settings.cookie_secure is None else settings.cookie_secure
        hosts = {urlsplit(origin).hostname or "" for origin in settings.cors_origins}
        foreign = secure and any(not _same_site(host, public.hostname or "") for host in hosts)
        same_site = settings.cookie_same_site or ("none" if foreign else "lax")
        partitioned = foreign if settings.cookie_partitioned is None else settings.cookie_partitioned
        return cls(secure, same_site.capitalize(), partitioned and secure)

    @property
    def session_name(self) -> str:
        """The session cookie's name."""
        return self._name(SESSION)

    def session(self, request: Request) -> str | None:
        """The session cookie that came with a request."""
        return _cookie(request, self.session_name)

    def device(self, request: Request) -> str | None:
        """The device cookie that came with a request."""
        return _cookie(request, self._name(DEVICE))

    def put_session(self, response: Response, value: str, max_age: int) -> None:
        """Set the session cookie for `max_age` seconds; 0 removes it."""
        self._put(response, self.session_name, value, max_age)

    def put_device(self, response: Response, value: str) -> None:
        """Set the device cookie; it outlives sign-ins."""
        self._put(response, self._name(DEVICE), value, DEVICE_SECONDS)

    def _name(self, name: str) -> str:
        return f"__Host-{name}" if self.secure else name

    def _put(self, response: Response, name: str, value: str, max_age: int) -> None:
        parts = [f"{name}={value}", "Path=/", f"Max-Age={max_age}", "HttpOnly", f"SameSite={self.same_site}"]
        parts += ["Secure"] if self.secure else []
        parts += ["Partitioned"] if self.partitioned else []
        response.headers.append("set-cookie", "; ".join(parts))


def _cookie(request: Request, name: str) -> str | None:
    """The one cookie of a name; none when there are two, for one of them may be a stranger's.

    Names are compared as sent: a lenient reader takes one with a no-break space before it, which a sibling domain may
    set, for the one that the prefix `__Host-` protects.
    """
    pairs = [part.strip(" \t").partition("=") for part in ";".join(request.headers.getlist("cookie")).split(";")]
    values = [value for found, _, value in pairs if found == name]
    return values[0] or None if len(values) == 1 else None


def _same_site(host: str, public_host: str) -> bool:
    # Narrower than the browsers' rule, which needs the public suffix list: one host must contain the other.
    return host == public_host or host.endswith(f".{public_host}") or public_host.endswith(f".{host}")
