"""Bytes on the wire that are no proper HTTP: one reading or none, deadlines, bounds, and a server that lives."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import httpx2
import pytest
import pytest_asyncio

from tests.process.framings import AMBIGUOUS, BODY, HOST, LOGIN, corpus
from tests.process.server import Server, serving

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.process]

STATUS = re.compile(rb"HTTP/1\.1 (\d{3}) ")
AT_ONCE = 40
CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n"
HALF = LOGIN + b"Content-Length: 31\r\n\r\n"
LOOK = b"GET /health HTTP/1.1\r\n" + HOST + b"\r\n"
SLOW = LOGIN + b"Content-Length: %d\r\n\r\n%s" % (len(BODY), BODY)


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the server has to say."""
    return tmp_path_factory.mktemp("log") / "server.jsonl"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def hasty(tmp_path_factory: pytest.TempPathFactory, log: Path) -> AsyncIterator[Server]:
    """A server that waits one second for a request."""
    async with serving(tmp_path_factory.mktemp("hasty"), log, REQUEST_TIMEOUT_SECONDS="1") as running:
        yield running


async def exchange(server: Server, *pieces: bytes, pause: float = 0, half_close: bool = True) -> bytes:
    """Send bytes and read until the server closes."""
    url = httpx2.URL(server.url)
    reader, writer = await asyncio.open_connection(url.host, url.port)

    async def send() -> None:
        with suppress(OSError):  # not only ConnectionError: closing a line that was reset says ENOTCONN
            for piece in pieces:
                writer.write(piece)
                await writer.drain()
                await asyncio.sleep(pause)
            if half_close:
                writer.write_eof()

    async def read() -> bytes:
        received = b""
        with suppress(ConnectionError):
            while data := await reader.read(65_536):
                received += data
        return received

    try:
        async with asyncio.timeout(10):
            received, _ = await asyncio.gather(read(), send())
        return received
    finally:
        writer.close()


def answers(raw: bytes) -> list[tuple[int, bytes]]:
    """The answers in a stream of bytes: status and body."""
    found = []
    while raw:
        head, _, rest = raw.partition(b"\r\n\r\n")
        status = int(head.split(b" ")[1])
        if status == 100:
            raw = rest
            continue
        length = re.search(rb"\r\ncontent-length: (\d+)", head, re.IGNORECASE)
        size = int(length[1]) if length else len(rest)
        found.append((status, head + b"\r\n\r\n" + rest[:size]))
        raw = rest[size:]
    return found


def is_error_shape(answer: bytes) -> bool:
    head, _, body = answer.partition(b"\r\n\r\n")
    shape = json.loads(body)
    request_id = re.search(rb"x-request-id: (\S+)", head, re.IGNORECASE)
    return {"code", "message", "request_id"} <= shape.keys() and request_id is not None


async def test_two_thousand_framings(hasty: Server, log: Path) -> None:
    gate = asyncio.Semaphore(AT_ONCE)

    async def send(raw: bytes) -> bytes:
        async with gate:
            return await exchange(hasty, raw)

    framings = list(corpus(2_000))
    before = rss_mb(hasty)
    results = await asyncio.gather(*(send(raw) for raw, _ in framings))
    for (raw, single), result in zip(framings, results, strict=True):
        found = answers(result)
        assert all(status < 500 for status, _ in found), raw[:200]
        assert all(is_error_shape(answer) for status, answer in found if status >= 400), raw[:200]
        if single:
            assert len(found) <= 1, raw[:200]
            assert not any(b"auth_mode" in answer for _, answer in found), raw[:200]
    assert len(STATUS.findall(b"".join(results))) > 1_000
    assert hasty.process.returncode is None
    assert rss_mb(hasty) - before < 50
    async with httpx2.AsyncClient() as http:
        assert (await http.get(f"{hasty.url}/health")).json() == {"status": "ok"}
    assert faults(log) == []


@pytest.mark.parametrize("raw", AMBIGUOUS)
async def test_what_can_be_read_in_two_ways_is_not_read(hasty: Server, raw: bytes) -> None:
    found = answers(await exchange(hasty, raw, half_close=False))
    assert [status for status, _ in found] == [400]
    assert json.loads(found[0][1].partition(b"\r\n\r\n")[2])["code"] == "BAD_REQUEST"


@pytest.mark.parametrize(
    "pieces",
    [
        (b"GET /health HTTP/1.1\r\n", HOST),
        (b"GE",),
        tuple(bytes([byte]) for byte in b"GET /health HTTP/1.1\r\nX: a"),
    ],
)
async def test_a_head_must_come_in_time(hasty: Server, pieces: tuple[bytes, ...]) -> None:
    pause = 0.2 if len(pieces) > 2 else 0
    found = answers(await exchange(hasty, *pieces, pause=pause, half_close=False))
    assert [status for status, _ in found] == [408]
    assert is_error_shape(found[0][1])


@pytest.mark.parametrize(
    "pieces", [(LOGIN + b"Content-Length: 31\r\n\r\n", b'{"user'), (LOGIN + b"Content-Length: 31\r\n\r\n",)]
)
async def test_a_body_must_go_on_in_time(hasty: Server, pieces: tuple[bytes, ...]) -> None:
    found = answers(await exchange(hasty, *pieces, half_close=False))
    assert [status for status, _ in found] == [408]


@pytest.mark.parametrize(
    ("origin", "rest", "status", "named"),
    [
        ("http://localhost:5173", b"Content-Length: 31\r\n\r\n{", 408, True),
        ("http://localhost:5173", CHUNKED + b"x\r\n", 400, True),
        ("https://evil.example", CHUNKED + b"x\r\n", 400, False),
    ],
)
async def test_a_page_may_read_why_its_request_was_cut_off(
    hasty: Server, origin: str, rest: bytes, status: int, named: bool
) -> None:
    raw = LOGIN + f"Origin: {origin}\r\n".encode() + rest
    found = answers(await exchange(hasty, raw, half_close=False))
    assert [code for code, _ in found] == [status]
    assert (f"access-control-allow-origin: {origin}".encode() in found[0][1]) == named


async def test_a_silent_connection_is_closed_without_a_word(hasty: Server) -> None:
    assert await exchange(hasty, half_close=False) == b""
    assert await exchange(hasty, b"\r\n", b"\r\n", b"\r\n", half_close=False) == b""


async def test_a_slow_body_that_goes_on_is_read(hasty: Server) -> None:
    body = b'{"username": "anna", "password": "none of hers"}'
    head = LOGIN + b"Connection: close\r\nContent-Length: %d\r\n\r\n" % len(body)
    pieces = [body[at : at + 8] for at in range(0, len(body), 8)]
    found = answers(await exchange(hasty, head, *pieces, pause=0.3, half_close=False))
    assert [status for status, _ in found] == [401]


async def test_fields_behind_a_body_do_not_count(tmp_path: Path) -> None:
    secret = "an-origin-secret-of-forty-characters-here"
    async with serving(tmp_path, ORIGIN_LOCK_ENABLED="true", ORIGIN_LOCK_SECRET=secret) as server:
        head = LOGIN + b"Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
        raw = head + b"2\r\n{}\r\n0\r\nX-Origin-Secret: " + secret.encode() + b"\r\n\r\n"
        assert [status for status, _ in answers(await exchange(server, raw))] == [403]


async def test_a_body_without_an_announced_length_is_counted(hasty: Server) -> None:
    chunk = b"10000\r\n" + b" " * 65_536 + b"\r\n"
    raw = LOGIN + b"Transfer-Encoding: chunked\r\n\r\n"
    before = rss_mb(hasty)
    found = answers(await exchange(hasty, raw, *[chunk] * 3_200, half_close=False))
    assert [status for status, _ in found] in ([413], [])
    assert rss_mb(hasty) - before < 30


async def test_requests_in_a_row_are_answered_in_order(hasty: Server) -> None:
    one = b"GET /health HTTP/1.1\r\n" + HOST + b"\r\n"
    last = b"GET /version HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n"
    found = answers(await exchange(hasty, one + one + last, half_close=False))
    assert [status for status, _ in found] == [200, 200, 200]
    assert b"protocol" in found[2][1]


async def test_bad_bytes_behind_a_request_leave_it_its_answer(hasty: Server) -> None:
    raw = b"GET /health HTTP/1.1\r\n" + HOST + b"\r\n\x00\x00\x00garbage\r\n\r\n"
    found = answers(await exchange(hasty, raw, half_close=False))
    assert found[0][0] == 200
    assert len(found) <= 2


@pytest.mark.parametrize(
    "behind",
    [
        b"\x00garbage\r\n\r\n",
        HALF + b"\r\n\x00",
        LOGIN + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        LOOK + LOGIN + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"GET /" + b"a" * 70_000,
    ],
)
async def test_bad_bytes_behind_a_request_under_way_leave_it_its_answer(
    hasty: Server, log: Path, behind: bytes
) -> None:
    # Hashing the password takes long enough for the rest to be read while it lasts.
    found = answers(await exchange(hasty, SLOW + behind, half_close=False))
    assert found[0][0] == 401
    assert all(status in {200, 400, 408} for status, _ in found[1:])
    assert faults(log) == []


async def test_who_leaves_behind_requests_in_a_row_leaves_no_fault(hasty: Server, log: Path) -> None:
    for _ in range(20):
        url = httpx2.URL(hasty.url)
        _, writer = await asyncio.open_connection(url.host, url.port)
        writer.write(SLOW + LOOK + LOOK)
        await writer.drain()
        await asyncio.sleep(0.005)
        writer.transport.abort()
    last = SLOW.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n", 1)
    assert [status for status, _ in answers(await exchange(hasty, last, half_close=False))] == [401]
    assert faults(log) == []


async def test_a_body_that_comes_slowly_behind_a_request_is_read(hasty: Server) -> None:
    head = LOGIN + b"Connection: close\r\nContent-Length: %d\r\n\r\n" % len(BODY)
    pieces = [LOOK + head, *(BODY[at : at + 6] for at in range(0, len(BODY), 6))]
    found = answers(await exchange(hasty, *pieces, pause=0.5, half_close=False))
    assert [status for status, _ in found] == [200, 401]


def faults(log: Path) -> list[str]:
    """What the server logged as its own mistakes."""
    return [line for line in log.read_text().splitlines() if json.loads(line).get("level") in {"error", "critical"}]


def rss_mb(server: Server) -> float:
    """Memory of the server's process in MB."""
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    return int(re.findall(r"VmRSS:\s+(\d+) kB", status)[0]) / 1024
