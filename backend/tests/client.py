"""A small client of the wire contract for tests: people who sign in, ask, and read streams."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx2
from app.config.settings import Settings
from app.main import create_app
from fastapi import FastAPI

ORIGIN = "http://127.0.0.1:8787"
PASSWORD = "correct horse battery"
Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Event:
    """One SSE event; `id` None when it bore none."""

    id: int | None
    name: str
    data: Json


def parse_events(text: str) -> list[Event]:
    """Read an SSE text; comments are left out."""
    events = []
    for block in text.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if line and not line.startswith(":"))
        if fields:
            number = int(fields["id"]) if "id" in fields else None
            events.append(Event(number, fields["event"], json.loads(fields["data"])))
    return events


def text_of(events: list[Event]) -> str:
    """The answer that a stream spelled out."""
    return "".join(str(event.data["text"]) for event in events if event.name == "delta")


@dataclass
class Person:
    """Somebody with a sign-in; every request bears their credential."""

    http: httpx2.AsyncClient
    user: Json
    headers: dict[str, str] = field(default_factory=dict)
    refresh_token: str = ""

    async def request(self, method: str, path: str, **options: object) -> httpx2.Response:
        """Send a request as this person."""
        headers = {**self.headers, **options.pop("headers", {})}  # type: ignore[dict-item]
        return await self.http.request(method, path, headers=headers, **options)  # type: ignore[arg-type]

    async def get(self, path: str, **options: object) -> httpx2.Response:
        """GET as this person."""
        return await self.request("GET", path, **options)

    async def post(self, path: str, body: object = None, **options: object) -> httpx2.Response:
        """POST JSON as this person."""
        return await self.request("POST", path, json=body, **options)

    async def patch(self, path: str, body: object) -> httpx2.Response:
        """PATCH JSON as this person."""
        return await self.request("PATCH", path, json=body)

    async def delete(self, path: str) -> httpx2.Response:
        """DELETE as this person."""
        return await self.request("DELETE", path)

    async def ask(self, content: str, **fields: object) -> list[Event]:
        """Ask a question and read its stream to the end."""
        response = await self.post("/chat/stream", {"message": {"content": content}, **fields})
        assert response.status_code == 200, response.text
        return parse_events(response.text)


@dataclass
class Api:
    """An application and the ways into it."""

    app: FastAPI
    http: httpx2.AsyncClient

    async def bootstrap(self, token: str = "bootstrap-token-of-the-tests-0123456789") -> Person:
        """Make the owner."""
        response = await self.http.post(
            "/admin/bootstrap",
            json={"username": "owner", "password": PASSWORD},
            headers={"X-Bootstrap-Token": token},
        )
        assert response.status_code == 201, response.text
        return self._bearer(response.json())

    async def invite(self, owner: Person, **fields: object) -> str:
        """Make an invite and return its code."""
        response = await owner.post("/admin/invites", fields)
        assert response.status_code == 201, response.text
        return str(response.json()["code"])

    async def join(self, owner: Person, username: str) -> Person:
        """Invite somebody who joins at once."""
        body = {"invite_code": await self.invite(owner), "username": username, "password": PASSWORD}
        response = await self.http.post("/auth/register", json=body)
        assert response.status_code == 201, response.text
        return self._bearer(response.json())

    async def login(self, username: str, **fields: object) -> Person:
        """Sign in with a bearer token."""
        body = {"username": username, "password": PASSWORD, **fields}
        response = await self.http.post("/auth/login", json=body)
        assert response.status_code == 200, response.text
        return self._bearer(response.json())

    def _bearer(self, answer: Json) -> Person:
        headers = {"Authorization": f"Bearer {answer['access_token']}"}
        user = answer["user"]
        assert isinstance(user, dict)
        return Person(self.http, user, headers, str(answer["refresh_token"]))


@asynccontextmanager
async def running_app(settings: Settings) -> AsyncIterator[Api]:
    """The application with its lifespan, over ASGI."""
    app = create_app(settings)
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url=ORIGIN, timeout=30) as http,
    ):
        yield Api(app, http)
