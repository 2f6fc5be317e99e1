"""What every door declares (who, whose, how often, how large) and the route that holds it to that.

A route without a declaration cannot be made, so the server does not start with one.
"""

import hmac
import time
from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.routing import APIRoute, iter_route_contexts

from app.api.bodies import StrictRequest, announced_bytes, read_body, read_form
from app.api.schemas import errors
from app.auth.errors import AdminRequired, AuthRequired, CsrfInvalid, SessionExpired, UserInactive
from app.auth.guards import SAFE_METHODS, Guard, require_admin, source_of
from app.auth.principal import Principal
from app.auth.refusals import RefusalLog
from app.core.addresses import counted_by
from app.core.errors import OmniError, Overtaken, PayloadTooLarge
from app.services.rate_limit.limiter import WINDOW_SECONDS, LimitClass, Limiter, RateLimited

log = structlog.get_logger(__name__)

Who = Literal["anyone", "user", "admin", "probe", "scraper"]
Whose = Literal["nobody", "caller", "by id", "everybody"]
Takes = Literal["json", "file"]
ADMINS: Final = frozenset({"admin", "probe", "scraper"})
BY_PERSON: Final = frozenset({"chat", "write", "read"})
Responses = Mapping[int | str, dict[str, Any]]
SMALL: Final = 16_384
PLAIN: Final = 65_536
MOMENT_SECONDS: Final = 0.5
"""A body that takes longer outlives what was known of its sender."""


@dataclass(frozen=True, slots=True)
class Door:
    """A declaration.

    Attributes:
        who: Who may call it. A `probe` watches the server: anybody in development and behind the lock, else admins. A
            `scraper` gathers figures: whoever bears `METRICS_TOKEN`, and admins.
        whose: What it touches: `nobody`'s data; the `caller`'s, without naming it; what an id names, which must be the
            caller's (`by id`, else it answers as for a random id); or `everybody`'s, never messages.
        limit: Its class of rate limit; None for those that watch the server.
        size: Bytes of body at most; None for `MAX_REQUEST_BYTES`, or `MAX_IMPORT_BYTES` where a file is taken.
        takes: What its body is.
    """

    who: Who
    whose: Whose
    limit: LimitClass | None
    size: int | None = SMALL
    takes: Takes = "json"


class UndeclaredDoor(RuntimeError):
    """A route says nothing about who may call it."""


def door[**Arguments, Result](
    who: Who, *, whose: Whose, limit: LimitClass | None, size: int | None = SMALL, takes: Takes = "json"
) -> Callable[[Callable[Arguments, Result]], Callable[Arguments, Result]]:
    """Declare a door; see Door for the arguments."""

    def declare(endpoint: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
        endpoint.__dict__["door"] = Door(who, whose, limit, size, takes)
        return endpoint

    return declare


@dataclass(frozen=True, slots=True)
class Watchers:
    """Who may look after the server without being an admin.

    Attributes:
        probes: Whether anybody may ask how it does.
        token: What a scraper bears; None for admins alone.
    """

    probes: bool
    token: bytes | None

    def need_no_name(self, request: Request, who: Who) -> bool:
        """Whether a request may come in without a sign-in."""
        if who == "scraper" and self.token is not None:
            return hmac.compare_digest(request.headers.get("authorization", "").encode(), b"Bearer " + self.token)
        return who == "anyone" or (who == "probe" and self.probes)


class Doorkeeper:
    """Holds requests to what their doors declare, in the contract's order: size, credential, limit.

    Args:
        guard: Knows credentials.
        limiter: Counts.
        refusals: Told of every refusal, also of those behind the door.
        max_bytes: Bytes of body where a door names no size of its own, by what it takes.
        watchers: Who may look after the server without being an admin.
    """

    def __init__(
        self,
        guard: Guard,
        limiter: Limiter,
        refusals: RefusalLog,
        max_bytes: Mapping[Takes, int],
        watchers: Watchers,
    ) -> None:
        self._watchers = watchers
        self._guard = guard
        self._limiter = limiter
        self._refusals = refusals
        self._max_bytes = max_bytes

    def size_of(self, declared: Door) -> int:
        """Bytes of body that a door takes."""
        most = self._max_bytes[declared.takes]
        return most if declared.size is None else min(declared.size, most)

    async def admit(self, request: Request, declared: Door) -> None:
        """Let a request in.

        Raises:
            PayloadTooLarge: It announces a larger body.
            AuthRequired, SessionExpired, UserInactive, AdminRequired, CsrfInvalid: It may not come in.
            RateLimited: It comes too often.
        """
        if announced_bytes(request) > self.size_of(declared):
            raise PayloadTooLarge
        named = not self._watchers.need_no_name(request, declared.who)
        if named:
            request.state.principal = await self._identify(request)
        if declared.limit is not None:
            await self._count(request, declared.limit)
        if named:
            _require_role(request, declared)

    async def look_again(self, request: Request, declared: Door) -> None:
        """Ask once more who is asking: what they were let in with may have been taken from them since.

        Raises:
            AuthRequired, SessionExpired, UserInactive, AdminRequired, CsrfInvalid: They may not come in any more.
        """
        if not self._watchers.need_no_name(request, declared.who):
            request.state.principal = await self._guard.authenticate(request)
            _require_role(request, declared)

    async def report(self, request: Request, error: OmniError) -> None:
        """Note a refusal."""
        person: Principal | None = getattr(request.state, "principal", None)
        origin = source_of(request)
        origin = origin.by(person.user_id, person.username) if person else origin
        shown = self._guard.shows_credential(request) or "x-bootstrap-token" in request.headers
        route: APIRoute = request.scope["route"]
        await self._refusals.note(origin, error, f"{request.method} {route.path}", credential=shown)

    async def _identify(self, request: Request) -> Principal:
        try:
            return await self._guard.authenticate(request)
        except (AuthRequired, SessionExpired, UserInactive, CsrfInvalid):
            # Guessing credentials is counted as what it is: the calls of a stranger.
            await self._count(request, "anonymous")
            raise

    async def _count(self, request: Request, limit: LimitClass) -> None:
        by_person = limit in BY_PERSON
        key = request.state.principal.user_id if by_person else counted_by(request.state.client_address)
        standing = await self._limiter.hit(limit, key)
        if standing is None:
            return
        policy = f'"{standing.name}";q={standing.limit};w={WINDOW_SECONDS}'
        rest = f'"{standing.name}";r={standing.remaining};t={standing.reset_seconds}'
        request.state.headers = {"ratelimit-policy": policy, "ratelimit": rest}
        if not standing.allowed:
            raise RateLimited(retry_after=standing.reset_seconds)


class DoorRoute(APIRoute):
    """A route that cannot be made without a declaration and lets nobody in against it."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        declared = endpoint.__dict__.get("door")
        if not isinstance(declared, Door):
            raise UndeclaredDoor(f"{path}: {endpoint.__name__} declares no door")
        self.door = declared
        options["responses"] = _joined(options.get("responses") or {}, errors(*_implied(declared, options["methods"])))
        super().__init__(path, endpoint, **options)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap FastAPI's handler."""
        handle = super().get_route_handler()
        declared = self.door

        async def served(request: Request, keeper: Doorkeeper) -> Response:
            try:
                return await handle(request)
            except Overtaken:
                # Whoever is gone is told so, not that a row is.
                await keeper.look_again(request, declared)
                log.warning("overtaken", exc_info=True)
                raise

        async def guarded(request: Request) -> Response:
            keeper: Doorkeeper = request.app.state.doorkeeper
            strict = StrictRequest(request.scope, request.receive)
            try:
                await keeper.admit(strict, declared)
                if request.method not in SAFE_METHODS:
                    admitted_at = time.monotonic()
                    await (read_form if declared.takes == "file" else read_body)(strict, keeper.size_of(declared))
                    if time.monotonic() - admitted_at > MOMENT_SECONDS:
                        await keeper.look_again(strict, declared)
                return await served(strict, keeper)
            except OmniError as error:
                await keeper.report(strict, error)
                raise

        return guarded


def _require_role(request: Request, declared: Door) -> None:
    if declared.who in ADMINS:
        require_admin(request.state.principal)


def _implied(declared: Door, methods: Iterable[str]) -> Iterator[type[OmniError]]:
    if declared.who != "anyone":
        yield from (AuthRequired, SessionExpired, UserInactive)
        if SAFE_METHODS.isdisjoint(methods):
            yield CsrfInvalid
    if declared.who in ADMINS:
        yield AdminRequired
    if declared.limit is not None:
        yield RateLimited


def _joined(own: Responses, implied: Responses) -> Responses:
    joined = dict(own)
    for status, response in implied.items():
        codes = {*own.get(status, {}).get("description", "").split(", "), *response["description"].split(", ")} - {""}
        joined[status] = {**response, "description": ", ".join(sorted(codes))}
    return joined


def declared_doors(app: FastAPI) -> dict[tuple[str, str], DoorRoute]:
    """Every door of an application by method and path.

    Raises:
        UndeclaredDoor: A route was added round this file.
    """
    found: dict[tuple[str, str], DoorRoute] = {}
    for context in iter_route_contexts(app.routes):
        route = context.original_route
        if isinstance(route, APIRoute) and not isinstance(route, DoorRoute):
            raise UndeclaredDoor(f"{route.path} is a route without a declaration")
        if isinstance(route, DoorRoute):
            found |= {(method, route.path): route for method in route.methods or ()}
    return found
