"""Streams as bytes: what a reader of the wire sees before anything is parsed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx2

from tests.client import Person

PING = b": ping\n\n"
END = b"\n\n"


@asynccontextmanager
async def opened(person: Person, method: str, path: str, **options: object) -> AsyncIterator[httpx2.Response]:
    """A stream that has begun."""
    headers = {**person.headers, **options.pop("headers", {})}  # type: ignore[dict-item]
    async with person.http.stream(method, path, headers=headers, **options) as response:  # type: ignore[arg-type]
        assert response.status_code == 200, await response.aread()
        yield response


async def frames(response: httpx2.Response, most: int | None = None) -> list[bytes]:
    """The first events as they came, or all; comments left out."""
    rest, found = b"", []
    async for chunk in response.aiter_bytes():
        *whole, rest = (rest + chunk).split(END)
        found += [frame + END for frame in whole if frame + END != PING]
        if most is not None and len(found) >= most:
            return found[:most]
    assert rest == b""
    return found


async def rest_of(person: Person, generation_id: str, after: int) -> list[bytes]:
    """Every event behind a number."""
    path, headers = f"/chat/stream/{generation_id}", {"Last-Event-ID": str(after)}
    async with opened(person, "GET", path, headers=headers) as response:
        return await frames(response)


async def settled(person: Person) -> None:
    """Wait until nothing runs any more."""
    async with asyncio.timeout(60):
        while (await person.get("/chat/active")).json()["items"]:
            await asyncio.sleep(0.05)
