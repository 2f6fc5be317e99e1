"""Looks at an installation from inside and, through its public address, from outside, and says what to mend.

Asks the owner's own addresses alone. Changes nothing.
"""

import asyncio
import json
import ssl
import stat
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from importlib.metadata import version
from ipaddress import IPv4Address, ip_address
from typing import Final, Literal
from urllib.parse import urlsplit

from app.config.settings import Settings
from app.core.egress import AddressRefused, Endpoint, Gate
from app.db.session import Database
from app.providers.connection import Connection, Cut, NotHttp
from app.providers.registry import build_registry
from app.services.backup.schedule import BackupService
from app.services.inspection import inspect
from app.services.memory.service import MemoryService
from app.wiring import engine_of, home_of, meaning_of

State = Literal["ok", "warning", "failed"]
NO_ANSWER: Final = (OSError, Cut, NotHttp, UnicodeError)
"""A name that is none at all (UnicodeError) is as far away as a server that is off."""
VERSION_CHARS: Final = 40
SECONDS: Final = 10.0
MOST_BYTES: Final = 1_000_000
CERTIFICATE_DAYS: Final = 14
STRANGER: Final = "https://stranger.invalid"
SKIP: Final = {"ngrok-skip-browser-warning": "1"}
"""What the page sends, so that a tunnel does not show its own page first."""
BROWSER: Final = {"Accept": "text/html", "User-Agent": "Mozilla/5.0 (omniai doctor)"}
HEADERS: Final = {"x-content-type-options": "nosniff", "referrer-policy": "no-referrer", "cache-control": "no-store"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at, in one sentence; what is not in order says how to mend it."""

    state: State
    words: str

    def line(self) -> str:
        """As it is printed."""
        return f"{self.state:8} {self.words}"


class _Caller(Connection):
    """A connection that knows how long its server's certificate is good for."""

    certificate_ends: datetime | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        given = transport.get_extra_info("peercert")
        if given:
            self.certificate_ends = datetime.fromtimestamp(ssl.cert_time_to_seconds(given["notAfter"]), UTC)


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    headers: Mapping[bytes, bytes]
    body: bytes
    certificate_ends: datetime | None

    def header(self, name: str) -> str | None:
        """One header, by its name in lower case."""
        found = self.headers.get(name.encode())
        return None if found is None else found.decode("latin-1")

    @property
    def told(self) -> Mapping[str, object]:
        """The JSON object; empty for anything else."""
        try:
            found = json.loads(self.body)
        except (ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}


def look_inside(settings: Settings) -> list[Finding]:
    """Database, schema, disk, permissions, model servers, backups."""
    return asyncio.run(_inside(settings))


def look_from_outside(settings: Settings) -> list[Finding]:
    """The way that others come: address, certificate, tunnel, lock, headers, origins. The server must be running."""
    return asyncio.run(_listed(settings))


async def _listed(settings: Settings) -> list[Finding]:
    return [finding async for finding in _outside(settings)]


async def _inside(settings: Settings) -> list[Finding]:
    database = Database(engine_of(settings))
    registry = build_registry(settings.providers, settings.embedded, guide=False)
    meaning = meaning_of(settings, database, registry)
    try:
        memory = MemoryService(database, settings.memory, meaning)
        found = await inspect(database, settings.server.data_dir, memory, registry)
        models = [model for model in (await registry.catalogue()).models if model.kind == "chat"]
        last = await BackupService(settings.backup, home_of(settings), version("omniai")).standing()
    finally:
        meaning.close()
        await registry.aclose()
        database.close()
    open_to_others = stat.S_IMODE(settings.server.data_dir.stat().st_mode) & 0o077
    return [
        _good(found.database == "ok", "The database answers.", "The database does not answer."),
        _good(
            found.migrations == "ok",
            "Its schema is this version's.",
            "Its schema is not this version's; start OmniAI once to migrate it.",
        ),
        _good(found.disk == "ok", "There is room on the disk.", "The disk is nearly full, or cannot be read."),
        _good(
            not open_to_others,
            "The data folder is yours alone to read.",
            f"Others can read the data folder: chmod 700 {settings.server.data_dir}",
        ),
        _good(
            bool(models),
            f"{len(models)} models are there.",
            "No model server answers; start one, or name it (README, Your model).",
            "warning",
        ),
        _good(
            last.proven_at is not None and last.problem is None,
            "The last backup was proven.",
            f"The last backup failed: {last.problem}"
            if last.problem
            else "The server makes no backups; set OMNIAI_BACKUP_EVERY_HOURS (docs/backup.md).",
            "warning",
        ),
    ]


async def _outside(settings: Settings) -> AsyncIterator[Finding]:
    public = settings.server.public_url
    if public is None:
        yield Finding("failed", "There is no address for others; set OMNIAI_PUBLIC_URL to the tunnel's.")
        return
    yield _good(
        public.startswith("https:"),
        f"The address is {public}.",
        f"{public} is not https: passwords cross the net in plain.",
        "warning",
    )
    try:
        async for finding in _reached(public):
            yield finding
        async for finding in _locked(settings, public):
            yield finding
        async for finding in _origins(settings, public):
            yield finding
    except ssl.SSLError as error:
        yield Finding("failed", f"The certificate of {public} is not good ({error.reason}).")
    except AddressRefused:
        yield Finding("failed", f"{public} is neither at home nor on the open internet; see OMNIAI_PUBLIC_URL.")
    except NO_ANSWER as error:
        yield Finding("failed", f"{public} does not answer ({type(error).__name__}); start the tunnel.")


async def _reached(public: str) -> AsyncIterator[Finding]:
    plain = await _ask(public, "GET", "/health", BROWSER)
    if plain.certificate_ends is not None:
        days = (plain.certificate_ends - datetime.now(UTC)).days
        yield _good(
            days >= CERTIFICATE_DAYS,
            f"Its certificate is good for {days} days.",
            f"Its certificate ends in {days} days; renew it.",
            "warning",
        )
    yield _good(
        plain.told.get("status") == "ok",
        "No page of the tunnel stands before OmniAI.",
        "The tunnel shows browsers a page of its own first; OmniAI's page skips it, a link to the backend does not.",
        "warning",
    )
    yield _good(
        (await _ask(public, "GET", "/health", SKIP)).told.get("status") == "ok",
        "OmniAI answers through it.",
        "Something else answers there; see whether the tunnel points to OmniAI's port.",
    )
    there = (await _ask(public, "GET", "/version", SKIP)).told.get("version")
    named = ascii(there)[:VERSION_CHARS]  # a stranger's words are not for the owner's terminal
    yield _good(
        there == version("omniai"),
        f"It is this version, {version('omniai')}.",
        f"It is version {named}, not {version('omniai')}; another OmniAI runs behind the tunnel.",
    )


async def _locked(settings: Settings, public: str) -> AsyncIterator[Finding]:
    server = settings.server
    yield _good(
        server.origin_lock_enabled,
        "The origin lock is on.",
        "The origin lock is off: whoever reaches the port comes in. Set OMNIAI_ORIGIN_LOCK_ENABLED (README).",
    )
    if server.origin_lock_enabled:
        host = _local(server.host)
        try:
            direct = await _ask(
                f"http://{host}:{server.port}", "GET", "/auth/config", {"X-Origin-Secret": "forged" * 8}
            )
        except (*NO_ANSWER, AddressRefused):
            yield Finding("failed", f"Nothing answers at {host}:{server.port}; start OmniAI.")
            return
        yield _good(
            direct.told.get("code") == "ORIGIN_LOCKED",
            "Whoever comes round the tunnel is refused.",
            "Whoever comes round the tunnel is let in; see whether this is the OmniAI that runs.",
        )
    through = await _ask(public, "GET", "/auth/config", SKIP)
    yield _good(
        through.status == HTTPStatus.OK,
        "The tunnel opens the lock.",
        "The tunnel does not open the lock; let it add X-Origin-Secret (deploy/ngrok/policy.yml).",
    )
    forged = await _ask(public, "GET", "/auth/config", {**SKIP, "X-Origin-Secret": "forged" * 8})
    yield _good(
        forged.status == HTTPStatus.OK,
        "A secret that a client sends is taken away.",
        "The tunnel lets a client's own X-Origin-Secret through; let it remove that first (deploy/ngrok/policy.yml).",
    )
    wanted = {**HEADERS, **({"strict-transport-security": "max-age"} if public.startswith("https:") else {})}
    missing = [name for name, value in wanted.items() if value not in (through.header(name) or "")]
    yield _good(
        not missing, "Its answers bear every header that protects them.", f"The tunnel takes away {', '.join(missing)}."
    )


async def _origins(settings: Settings, public: str) -> AsyncIterator[Finding]:
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type", **SKIP}
    strange = await _ask(public, "OPTIONS", "/auth/login", {**asked, "Origin": STRANGER})
    yield _good(
        strange.header("access-control-allow-origin") is None,
        "Pages of strangers are told nothing.",
        "Pages of strangers are let in: something before OmniAI answers for it.",
    )
    for origin in settings.server.cors_origins:
        known = await _ask(public, "OPTIONS", "/auth/login", {**asked, "Origin": origin})
        yield _good(
            known.header("access-control-allow-origin") == origin,
            f"The page at {origin} may ask.",
            f"The page at {origin} may not ask, though OMNIAI_CORS_ORIGINS names it; see what the tunnel does.",
        )


def _good(good: bool, words: str, otherwise: str, state: State = "failed") -> Finding:
    return Finding("ok", words) if good else Finding(state, otherwise)


def _local(host: str) -> str:
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if address.is_unspecified:
        return "127.0.0.1" if isinstance(address, IPv4Address) else "[::1]"
    return f"[{host}]" if ":" in host else host


async def _ask(address: str, method: str, path: str, headers: Mapping[str, str]) -> _Answer:
    place, endpoint = urlsplit(address), Endpoint.of(address)
    host = place.netloc.rpartition("@")[2].encode("idna").decode()
    sent = {"Host": host, "Accept-Encoding": "identity", **headers}
    head = "".join(f"{name}: {value}\r\n" for name, value in sent.items())
    async with asyncio.timeout(SECONDS):
        caller = await Gate(address).connect(endpoint, _Caller)
        try:
            request = f"{method} {place.path.rstrip('/')}{path} HTTP/1.1\r\n{head}\r\n"
            caller.send(request.encode(), lambda: float("inf"))
            await caller.head()
            body = b""
            while (data := await caller.read()) and len(body) < MOST_BYTES:
                body += data
            return _Answer(caller.status, caller.headers, body, caller.certificate_ends)
        finally:
            caller.close()
