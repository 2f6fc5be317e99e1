"""A model server and an OmniAI, each in a process of its own, and a person signed in there."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest

from tests.client import PASSWORD, Person
from tests.peers.process import Peer, running
from tests.process.server import Server, serving

BOOTSTRAP = "bootstrap-token-of-the-tests-0123456789"


@dataclass
class ModelServer:
    """The LM Studio double."""

    peer: Peer

    @property
    def base_url(self) -> str:
        """What OMNIAI_LMSTUDIO_BASE_URL names."""
        return f"{self.peer.url}/v1"

    async def chats(self) -> list[dict[str, object]]:
        """The chat requests it got."""
        async with httpx2.AsyncClient(base_url=self.peer.url) as http:
            entries: list[dict[str, object]] = (await http.get("/__log")).json()
        return [entry for entry in entries if str(entry["path"]).endswith("/chat/completions")]


@pytest.fixture
def studio() -> Iterator[ModelServer]:
    """A model server."""
    with running("tests.peers.lmstudio") as peer:
        yield ModelServer(peer)


@pytest.fixture
async def server(tmp_path: Path, studio: ModelServer) -> AsyncIterator[Server]:
    """An OmniAI that knows the model server, with short deadlines."""
    async with serving(tmp_path, **deadlines(studio)) as running:
        yield running


def deadlines(studio: ModelServer) -> dict[str, str]:
    """Settings that name a model server and shorten what tests would wait for."""
    return {
        "LMSTUDIO_BASE_URL": studio.base_url,
        "PROVIDER_CONNECT_SECONDS": "1",
        "PROVIDER_FIRST_TOKEN_SECONDS": "2",
        "PROVIDER_IDLE_SECONDS": "1",
        "STREAM_PING_SECONDS": "0.2",
        "DRAIN_SECONDS": "1",
        "ACCESS_TTL_SECONDS": "7200",
    }


@pytest.fixture
async def person(server: Server) -> AsyncIterator[Person]:
    """The owner, signed in."""
    async with signed_in(server) as owner:
        yield owner


@asynccontextmanager
async def signed_in(server: Server) -> AsyncIterator[Person]:
    """The owner of a server, whether the account exists or not."""
    async with httpx2.AsyncClient(base_url=server.url, timeout=30) as http:
        body = {"username": "owner", "password": PASSWORD}
        answer = await http.post("/admin/bootstrap", json=body, headers={"X-Bootstrap-Token": BOOTSTRAP})
        if answer.status_code == 403:
            answer = await http.post("/auth/login", json=body)
        signed = answer.json()
        headers = {"Authorization": f"Bearer {signed['access_token']}"}
        yield Person(http, signed["user"], headers, signed["refresh_token"])


@asynccontextmanager
async def installation(folder: Path, studio: ModelServer, **names: str) -> AsyncIterator[tuple[Server, Person]]:
    """A server on a model server, with short deadlines, and its owner."""
    async with serving(folder, **{**deadlines(studio), **names}) as server, signed_in(server) as owner:
        yield server, owner


async def join(owner: Person, username: str) -> Person:
    """Somebody whom the owner has invited."""
    code = (await owner.post("/admin/invites", {})).json()["code"]
    body = {"invite_code": code, "username": username, "password": PASSWORD}
    signed = (await owner.http.post("/auth/register", json=body)).json()
    return Person(owner.http, signed["user"], {"Authorization": f"Bearer {signed['access_token']}"})
