"""Rate limits at one below, at, and one above each class's figure, on a clock of the test's own."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

import httpx2
import pytest
from app.api.doors import declared_doors
from app.config.settings import LimitSettings
from app.core.addresses import UNKNOWN, counted_by
from app.services.rate_limit.limiter import WINDOW_SECONDS, LimitClass, Standing
from app.services.rate_limit.memory import MAX_KEYS, BoundedWindows, MemoryLimiter

from tests.client import ORIGIN, PASSWORD, Api, Person, running_app
from tests.conftest import BOOTSTRAP, migrated, settings_for

pytestmark = pytest.mark.asyncio

CLASSES: tuple[LimitClass, ...] = get_args(LimitClass)
FIGURES = {"auth": 6, "chat": 3, "write": 4, "read": 5, "anonymous": 7}
POLICY = re.compile(r'"(?P<name>[a-z]+)";q=(?P<limit>\d+);w=60')
STANDING = re.compile(r'"(?P<name>[a-z]+)";r=(?P<rest>\d+);t=(?P<wait>\d+)')


@dataclass
class Clock:
    """Seconds that pass when the test says so."""

    now: float = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


def limiter(clock: Clock, **figures: int) -> MemoryLimiter:
    return MemoryLimiter(LimitSettings.model_validate({**FIGURES, **figures}), clock)


async def hit(limits: MemoryLimiter, name: LimitClass, key: str) -> Standing:
    standing = await limits.hit(name, key)
    assert standing is not None
    return standing


@pytest.mark.parametrize("name", CLASSES)
async def test_each_class_takes_its_figure_and_not_one_more(name: LimitClass) -> None:
    clock, most = Clock(), FIGURES[name]
    limits = limiter(clock)
    for number in range(1, most + 1):
        left = WINDOW_SECONDS - (number - 1)
        assert await hit(limits, name, "one") == Standing(name, most, most - number, left, allowed=True)
        clock.now += 1
    refused = await hit(limits, name, "one")
    assert refused == Standing(name, most, 0, WINDOW_SECONDS - most, allowed=False)
    assert (await hit(limits, name, "another")).allowed
    others = [other for other in CLASSES if other != name]
    assert all([(await hit(limits, other, "one")).remaining == FIGURES[other] - 1 for other in others])


async def test_the_window_moves_with_its_hits_and_a_refusal_costs_nothing() -> None:
    clock = Clock()
    limits = limiter(clock, read=4)
    for second in (0.0, 0.0, 30.0, 30.0):
        clock.now = 1_800_000_000.0 + second
        assert (await hit(limits, "read", "one")).allowed
    for second in (30.0, 45.0, 59.9):
        clock.now = 1_800_000_000.0 + second
        assert not (await hit(limits, "read", "one")).allowed
    clock.now = 1_800_000_000.0 + 60
    assert [(await hit(limits, "read", "one")).allowed for _ in range(3)] == [True, True, False]
    clock.now = 1_800_000_000.0 + 90
    assert [(await hit(limits, "read", "one")).allowed for _ in range(3)] == [True, True, False]


async def test_a_hundred_thousand_strangers_take_a_bounded_place() -> None:
    clock = Clock()
    windows = BoundedWindows(clock)
    for number in range(100_000):
        assert windows.acquire_entry(f"stranger {number}", 60, 60)
        windows.get_moving_window(f"looked at {number % 1_000}", 60, 60)
        assert len(windows) <= MAX_KEYS + 1
    assert windows.acquire_entry("the newest", 1, 60)
    assert not windows.acquire_entry("the newest", 1, 60)
    limits = MemoryLimiter(LimitSettings.model_validate({}), clock, max_keys=3)
    for key in ("a", "b", "a", "c", "d"):
        await hit(limits, "auth", key)
    # The one unused for longest was forgotten, not the one that came first.
    assert (await hit(limits, "auth", "a")).remaining == LimitSettings.model_validate({}).auth - 3
    assert (await hit(limits, "auth", "b")).remaining == LimitSettings.model_validate({}).auth - 1


async def test_addresses_count_by_what_one_subscriber_holds() -> None:
    assert counted_by("203.0.113.7") == counted_by("::ffff:203.0.113.7") == "203.0.113.7"
    same = {counted_by(f"2001:db8:1:2:{tail}") for tail in (":1", "ffff:ffff:ffff:ffff", "0:0:0:0%eth0")}
    assert same == {"2001:db8:1:2::/64"}
    assert counted_by("2001:db8:1:3::1") not in same
    assert counted_by("203.0.113.8") != counted_by("203.0.113.7")
    assert {counted_by(text) for text in ("", "unix:", "1.2.3", "x" * 500)} == {UNKNOWN}


@asynccontextmanager
async def limited(folder: Path, clock: Clock, **names: str) -> AsyncIterator[Api]:
    """An application with small limits, counted on the test's clock."""
    figures = {f"RATE_LIMIT_{name.upper()}": str(figure) for name, figure in FIGURES.items()}
    settings = migrated(settings_for(folder, **{"RATE_LIMIT_ENABLED": "true", **figures, **names}))
    async with running_app(settings) as api:
        api.app.state.doorkeeper._limiter = MemoryLimiter(settings.limits, clock)
        yield api


@asynccontextmanager
async def from_address(api: Api, address: str) -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(api.app, client=(address, 40_000))
    async with httpx2.AsyncClient(transport=transport, base_url=ORIGIN) as http:
        yield http


def told(answer: httpx2.Response) -> tuple[str, int, int, int]:
    """Class, limit, rest and wait by the answer's two headers."""
    policy = POLICY.fullmatch(answer.headers["ratelimit-policy"])
    standing = STANDING.fullmatch(answer.headers["ratelimit"])
    assert policy
    assert standing
    assert policy["name"] == standing["name"]
    return policy["name"], int(policy["limit"]), int(standing["rest"]), int(standing["wait"])


Call = Callable[[], Awaitable[httpx2.Response]]


async def exhaust(name: str, call: Call, status: int) -> httpx2.Response:
    """Call until just refused, looking at every answer; gives the refusal."""
    most = FIGURES[name]
    for rest in range(most - 1, -1, -1):
        answer = await call()
        assert answer.status_code == status, answer.text
        assert told(answer)[:3] == (name, most, rest)
    refused = await call()
    assert (refused.status_code, refused.json()["code"]) == (429, "RATE_LIMITED")
    assert told(refused)[:3] == (name, most, 0)
    assert int(refused.headers["retry-after"]) == told(refused)[3] <= WINDOW_SECONDS
    assert "retry_after" not in refused.text
    return refused


async def test_reads_and_writes_and_questions_count_by_person(tmp_path: Path) -> None:
    clock = Clock()
    async with limited(tmp_path, clock) as api:
        owner = await api.bootstrap()
        member = await api.join(owner, "maria")
        calls: dict[str, tuple[Callable[[Person], Awaitable[httpx2.Response]], int]] = {
            "read": (lambda person: person.get("/auth/me"), 200),
            "write": (lambda person: person.patch("/auth/me", {"display_name": "M"}), 200),
            # A body that does not fit is counted all the same: the limit comes before validation.
            "chat": (lambda person: person.post("/chat/stream", {"message": {"content": " "}}), 422),
        }
        second = await api.login("maria")
        for name, (call, status) in calls.items():
            clock.now += WINDOW_SECONDS
            await exhaust(name, lambda call=call: call(member), status)  # type: ignore[misc]
            assert (await call(owner)).status_code == status, "another person from the same address"
            assert (await call(second)).status_code == 429, "the same person by another sign-in"
            async with from_address(api, "198.51.100.9") as elsewhere:
                member.http, here = elsewhere, member.http
                assert (await call(member)).status_code == 429, "the same person from another address"
                member.http = here


@pytest.mark.parametrize("name", ["auth", "anonymous"])
async def test_strangers_count_by_address(tmp_path: Path, name: str) -> None:
    clock = Clock()

    async def call(http: httpx2.AsyncClient) -> httpx2.Response:
        if name == "anonymous":
            return await http.get("/auth/config")
        # Another name each time: what is counted is the address.
        body = {"username": f"nobody{clock.now}", "password": "a wrong password"}
        clock.now += 0.001
        return await http.post("/auth/login", json=body)

    async with (
        limited(tmp_path, clock) as api,
        from_address(api, "2001:db8:1:2::1") as one,
        from_address(api, "2001:db8:1:2:ffff::9") as neighbour,
        from_address(api, "2001:db8:1:3::1") as other,
        from_address(api, "::ffff:203.0.113.7") as mapped,
        from_address(api, "203.0.113.7") as plain,
    ):
        status = 200 if name == "anonymous" else 401
        refused = await exhaust(name, lambda: call(one), status)
        assert (await call(neighbour)).status_code == 429
        assert (await call(other)).status_code == status
        await exhaust(name, lambda: call(mapped), status)
        assert (await call(plain)).status_code == 429
        wait = int(refused.headers["retry-after"])
        clock.now += wait - 1
        assert (await call(one)).status_code == 429
        clock.now += 1
        assert (await call(one)).status_code == status


async def test_guessing_credentials_counts_as_a_strangers_calls(tmp_path: Path) -> None:
    async with limited(tmp_path, Clock()) as api:
        owner = await api.bootstrap()
        ended = await api.login("owner")
        assert (await ended.post("/auth/logout")).status_code == 204
        guesses = iter(range(1_000))

        async def guess() -> httpx2.Response:
            number = next(guesses)
            headers = [{"Authorization": f"Bearer guess {number}"}, {}, ended.headers][number % 3]
            return await api.http.request("GET", ("/auth/me", "/admin/users")[number % 2], headers=headers)

        await exhaust("anonymous", guess, 401)
        refresh = await api.http.post("/auth/refresh", json={"refresh_token": "guess"})
        assert refresh.status_code == 429, "the refresh door is a stranger's too"
        assert (await owner.get("/auth/me")).status_code == 200, "a person at the same address is not shut out"


async def test_who_may_not_is_told_before_who_comes_too_often(tmp_path: Path) -> None:
    async with limited(tmp_path, Clock()) as api:
        owner = await api.bootstrap()
        await exhaust("read", lambda: owner.get("/auth/me"), 200)
        assert (await api.http.get("/auth/me")).json()["code"] == "AUTH_REQUIRED"
        for path in ("/health", "/ready", "/version"):
            for _ in range(20):
                answer = await api.http.get(path)
                assert answer.status_code == 200
            assert not {"ratelimit", "ratelimit-policy"} & set(answer.headers)


async def test_every_door_but_the_watchmans_is_counted(tmp_path: Path) -> None:
    async with limited(tmp_path, Clock()) as api:
        doors = declared_doors(api.app)
        free = {path for (_, path), route in doors.items() if route.door.limit is None}
        assert free == {"/health", "/ready", "/version"}
        for (method, path), route in doors.items():
            if route.door.who in {"user", "admin"}:
                expected = "read" if method == "GET" else ("chat", "write", "auth")
                assert route.door.limit in expected, f"{method} {path}"
            elif route.door.limit:
                assert route.door.limit in {"auth", "anonymous"}, f"{method} {path}"
        proving = {path for (_, path), route in doors.items() if route.door.limit == "auth"}
        assert proving >= {"/auth/login", "/auth/register", "/auth/reset", "/auth/password", "/auth/reauth"}
        assert {path for (_, path), route in doors.items() if route.door.limit == "chat"} == {
            "/chat/stream",
            "/chat/retry",
            "/chat/continue",
        }


async def test_limits_can_be_turned_off(tmp_path: Path) -> None:
    async with limited(tmp_path, Clock(), RATE_LIMIT_ENABLED="false") as api:
        owner = await api.bootstrap()
        for number in range(30):
            answer = await owner.get("/auth/me")
            assert answer.status_code == 200
            assert not {"ratelimit", "ratelimit-policy"} & set(answer.headers)
            body = {"username": "owner", "password": f"a wrong password {number}"}
            assert (await api.http.post("/auth/login", json=body)).status_code == 401
        assert (await api.login("owner", password=PASSWORD)).user["username"] == "owner"


async def test_the_contracts_figures_are_the_defaults() -> None:
    plain = LimitSettings.model_validate({})
    assert (plain.auth, plain.chat, plain.write, plain.read, plain.anonymous) == (10, 20, 60, 240, 60)
    assert plain.enabled


async def test_the_set_up_token_cannot_be_guessed_fast(tmp_path: Path) -> None:
    async with limited(tmp_path, Clock()) as api:
        body = {"username": "owner", "password": PASSWORD}

        async def guess() -> httpx2.Response:
            return await api.http.post("/admin/bootstrap", json=body, headers={"X-Bootstrap-Token": "x" * 40})

        await exhaust("auth", guess, 401)
        right = {"X-Bootstrap-Token": BOOTSTRAP}
        assert (await api.http.post("/admin/bootstrap", json=body, headers=right)).status_code == 429
