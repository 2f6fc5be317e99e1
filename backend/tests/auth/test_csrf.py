"""The page's token, and which credential decides: by every door, every mode, and every way to get it wrong."""

import hashlib
import hmac
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest
from app.api.doors import declared_doors
from app.auth import csrf, guards
from app.auth.errors import AuthRequired
from app.core.addresses import UNKNOWN
from app.domain.audit.service import Source
from fastapi import Request

from tests.client import PASSWORD, Api, Person, running_app
from tests.conftest import migrated, settings_for

pytestmark = pytest.mark.asyncio

SAFE = {"GET", "HEAD", "OPTIONS"}
LOGIN = {"username": "owner", "password": PASSWORD, "transport": "session"}
Fields = list[tuple[str, str]]


@dataclass(frozen=True)
class Sitting:
    """A sign-in by cookie: the header that the browser sends, the page's token, and its id."""

    cookie: str
    token: str
    id: str

    @property
    def bare(self) -> Fields:
        """What a forged request bears."""
        return [("Cookie", self.cookie)]

    @property
    def whole(self) -> Fields:
        """What the page's own request bears."""
        return [*self.bare, ("X-CSRF-Token", self.token)]


async def sit(api: Api) -> Sitting:
    """Sign the owner in by cookie, outside of the client's jar."""
    answer = await api.http.post("/auth/login", json=LOGIN)
    assert answer.status_code == 200, answer.text
    cookie = "; ".join(line.split(";")[0] for line in answer.headers.get_list("set-cookie"))
    api.http.cookies.clear()
    sessions = (await api.http.get("/auth/sessions", headers={"Cookie": cookie})).json()["items"]
    return Sitting(cookie, answer.json()["csrf_token"], next(item["id"] for item in sessions if item["current"]))


async def send(api: Api, fields: Fields, method: str = "POST", path: str = "/conversations") -> tuple[int, str]:
    """Send a request with these headers and no others; gives the status and the error's code."""
    api.http.cookies.clear()
    answer = await api.http.request(method, path, headers=fields, json=None if method in SAFE else {})
    return answer.status_code, "" if answer.status_code < 400 else answer.json()["code"]


async def kept(owner: Person) -> int:
    """How many conversations the owner has."""
    return len((await owner.get("/conversations")).json()["items"])


REFUSED = (403, "CSRF_INVALID")


async def test_the_token_is_the_keyed_hash_of_the_session_and_nothing_else(tmp_path: Path) -> None:
    key = "csrf-Key-of-the-tests-0123456789abcdef"
    async with running_app(migrated(settings_for(tmp_path, CSRF_SECRET=key))) as api:
        await api.bootstrap()
        here = await sit(api)
        own = hmac.new(key.encode(), f"v1|{here.id}".encode(), hashlib.sha256).hexdigest()
        assert here.token == own == csrf.issue(key, here.id)
        again = await api.http.get("/auth/csrf", headers=here.bare)
        assert again.json() == {"csrf_token": own}
        assert await send(api, here.whole) == (201, "")
    assert csrf.is_valid(key, here.id, own)
    assert not csrf.is_valid(f"{key}x", here.id, own)
    assert not csrf.is_valid(key, f"{here.id}x", own)
    for wrong in (None, "", own[:-1], f"{own}0", own.upper(), "\xe4" * 64):
        assert not csrf.is_valid(key, here.id, wrong)


async def test_a_wrong_doubled_strange_or_misplaced_token_changes_nothing(api: Api, owner: Person) -> None:
    here, there = await sit(api), await sit(api)
    assert here.token != there.token
    right = ("X-CSRF-Token", here.token)
    wrong: dict[str, Fields] = {
        "missing": [],
        "empty": [("X-CSRF-Token", "")],
        "another session's": [("X-CSRF-Token", there.token)],
        "doubled": [right, right],
        "right, then wrong": [right, ("X-CSRF-Token", "0" * 64)],
        "joined": [("X-CSRF-Token", f"{here.token}, {here.token}")],
        "in capitals": [("X-CSRF-Token", here.token.upper())],
        "shortened": [("X-CSRF-Token", here.token[:-1])],
        "of the session's id": [("X-CSRF-Token", here.id)],
        "under another name": [("X-XSRF-Token", here.token), ("X_CSRF_Token", here.token)],
    }
    for why, fields in wrong.items():
        assert await send(api, [*here.bare, *fields]) == REFUSED, why
    in_cookie = [("Cookie", f"{here.cookie}; csrf_token={here.token}; X-CSRF-Token={here.token}")]
    assert await send(api, in_cookie) == REFUSED
    assert await send(api, here.bare, path=f"/conversations?csrf_token={here.token}") == REFUSED
    raw = [(b"Cookie", here.cookie.encode()), (b"X-CSRF-Token", b"\xff" * 64)]
    assert (await api.http.post("/conversations", json={}, headers=raw)).json()["code"] == "CSRF_INVALID"
    assert await kept(owner) == 0
    assert await send(api, [*here.bare, ("x-csrf-token", here.token)]) == (201, "")
    assert await kept(owner) == 1


async def test_an_ended_sign_ins_token_opens_no_later_one(api: Api, owner: Person) -> None:
    old = await sit(api)
    assert await send(api, old.whole, path="/auth/logout") == (204, "")
    new = await sit(api)
    assert await send(api, [*new.bare, ("X-CSRF-Token", old.token)]) == REFUSED
    assert await send(api, old.whole) == (401, "SESSION_EXPIRED")


async def test_every_door_for_the_signed_in_wants_it_exactly_when_it_changes_something(api: Api, owner: Person) -> None:
    here = await sit(api)
    doors = declared_doors(api.app)
    guarded = [(method, path) for (method, path), route in doors.items() if route.door.who != "anyone"]
    changing = [(method, path) for method, path in guarded if method not in SAFE]
    assert (len(changing) > 20, len(guarded) - len(changing) > 20) == (True, True)
    for method, path in changing:
        assert await send(api, here.bare, method, path) == REFUSED, path
    bearer = list(owner.headers.items())
    for method, path in guarded:
        plain = path.replace("{", "").replace("}", "")
        if method in SAFE:
            assert await send(api, here.bare, method, plain) != REFUSED, path
            assert (await api.http.head(plain, headers=here.bare)).status_code != 403, path
        elif path not in {"/auth/logout", "/auth/sessions"}:
            assert await send(api, bearer, method, plain) != REFUSED, path
    assert await send(api, bearer, "GET", "/auth/me") == (200, "")


async def test_signing_in_wants_none_and_always_makes_a_new_session(api: Api, owner: Person) -> None:
    here = await sit(api)
    for path in ("/auth/login", "/auth/register", "/auth/refresh", "/auth/reset", "/auth/invite", "/admin/bootstrap"):
        assert await send(api, here.bare, path=path) != REFUSED, path
    again = await api.http.post("/auth/login", json=LOGIN, headers=here.bare)
    assert again.status_code == 200
    assert again.headers["set-cookie"].split(";")[0] not in here.cookie
    assert again.json()["csrf_token"] != here.token
    assert await send(api, here.whole) == (201, "")


def decided(answer: httpx2.Response) -> str:
    return "in" if answer.status_code == 200 else str(answer.json()["code"])


BAD = ("", "Bearer", "Bearer ", "Bearer nonsense", "Basic b3duZXI6eA==", "Token {token}", "{token}", "Bearer {token} x")
GOOD = ("Bearer {token}", "bearer {token}", "BEARER   {token}")


async def test_the_mode_says_which_credential_is_read_and_the_header_comes_first(tmp_path: Path) -> None:
    async with running_app(migrated(settings_for(tmp_path))) as api:
        owner, here = await api.bootstrap(), await sit(api)
    token = owner.headers["Authorization"].split(" ")[1]
    cookie_value = here.cookie.split("; ", maxsplit=1)[0].split("=")[1]
    for mode, by_cookie in (("auto", "in"), ("bearer", "AUTH_REQUIRED"), ("session", "in")):
        async with running_app(settings_for(tmp_path, AUTH_MODE=mode)) as api:

            async def ask(*fields: tuple[str, str], api: Api = api) -> str:
                return decided(await api.http.get("/auth/me", headers=list(fields)))

            cookie = here.bare[0]
            ignored = mode == "session"
            assert await ask() == "AUTH_REQUIRED"
            assert await ask(cookie) == by_cookie
            for form in GOOD:
                header = ("Authorization", form.format(token=token))
                assert await ask(header) == ("AUTH_REQUIRED" if ignored else "in"), (mode, form)
            for form in BAD:
                header = ("Authorization", form.format(token=token))
                assert await ask(header, cookie) == ("in" if ignored else "AUTH_REQUIRED"), (mode, form)
            doubled = ("Authorization", f"Bearer {token}")
            assert await ask(doubled, doubled, cookie) == ("in" if ignored else "AUTH_REQUIRED")
            # Neither kind of credential is taken for the other.
            assert await ask(("Authorization", f"Bearer {cookie_value}")) == "AUTH_REQUIRED"
            assert await ask(("Cookie", f"omniai_session={token}")) == "AUTH_REQUIRED"
            assert await ask(("Cookie", "omniai_session=")) == "AUTH_REQUIRED"


async def test_a_header_beside_a_cookie_spares_the_token_and_a_bad_one_is_refused(api: Api, owner: Person) -> None:
    here = await sit(api)
    bearer = ("Authorization", owner.headers["Authorization"])
    assert await send(api, [bearer, *here.bare]) == (201, "")
    assert await send(api, [("Authorization", "Bearer nonsense"), *here.whole]) == (401, "AUTH_REQUIRED")
    assert await send(api, [("Authorization", ""), *here.whole]) == (401, "AUTH_REQUIRED")


async def test_an_open_door_knows_nobody_and_a_bare_request_comes_from_nowhere() -> None:
    bare = Request({"type": "http", "method": "GET", "path": "/", "headers": []})
    with pytest.raises(AuthRequired):
        await guards.principal(bare)
    assert await guards.source(bare) == Source(UNKNOWN, "", None)
