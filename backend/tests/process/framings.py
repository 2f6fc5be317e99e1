"""Raw framings: attacks written by hand, and seeded mutations of them. Knows bytes, no server."""

import random
from collections.abc import Iterator
from typing import Final

HOST: Final = b"Host: 127.0.0.1\r\n"
BODY: Final = b'{"username":"a","password":"b"}'
SMUGGLED: Final = b"GET /auth/config HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
LOGIN: Final = b"POST /auth/login HTTP/1.1\r\n" + HOST + b"Content-Type: application/json\r\n"
CHUNKED: Final = b"%x\r\n%s\r\n0\r\n\r\n" % (len(BODY), BODY)

AMBIGUOUS: Final = (
    LOGIN + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
    LOGIN + b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n" + SMUGGLED,
    LOGIN + b"Content-Length: 0\r\nContent-Length: 44\r\n\r\n" + SMUGGLED,
    LOGIN + b"Content-Length: 0, 44\r\n\r\n" + SMUGGLED,
    LOGIN + b"Content-Length: +0\r\n\r\n" + SMUGGLED,
    LOGIN + b"Content-Length: 0x0\r\n\r\n" + SMUGGLED,
    LOGIN + b"Content-Length: -1\r\n\r\n" + SMUGGLED,
    LOGIN + b"Content-Length: 99999999999999999999999\r\n\r\n" + SMUGGLED,
    LOGIN + b"Transfer-Encoding: xchunked\r\n\r\n" + CHUNKED + SMUGGLED,
    LOGIN + b"Transfer-Encoding: chunked, identity\r\n\r\n" + CHUNKED + SMUGGLED,
    LOGIN + b"Transfer-Encoding: identity\r\n\r\n" + SMUGGLED,
    LOGIN + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n" + CHUNKED + SMUGGLED,
    LOGIN + b"Transfer-Encoding : chunked\r\n\r\n" + CHUNKED + SMUGGLED,
    LOGIN + b"Transfer-Encoding:\x0bchunked\r\n\r\n" + CHUNKED + SMUGGLED,
    LOGIN + b"X: y\r\n Transfer-Encoding: chunked\r\n\r\n" + CHUNKED + SMUGGLED,
    LOGIN + b"Content-Length : 0\r\n\r\n" + SMUGGLED,
    LOGIN + b"Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n" + SMUGGLED,
    LOGIN + b"Transfer-Encoding: chunked\r\n\r\n-1\r\n" + SMUGGLED,
    LOGIN + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n" + SMUGGLED,
    LOGIN + b"Transfer-Encoding: chunked\r\n\r\n5\r\nab\r\n0\r\n\r\n" + SMUGGLED,
    b"POST /auth/login HTTP/1.0\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n" + CHUNKED + SMUGGLED,
    b"GET /health HTTP/1.1\r\n" + HOST + b"Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n" + SMUGGLED,
    b"GET /health HTTP/1.1\r\n" + HOST + b"Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n" + SMUGGLED,
    b"GET /health\rHTTP/1.1\r\n" + HOST + b"\r\n" + SMUGGLED,
    b"GET http://127.0.0.1/health HTTP/1.1\r\n" + HOST + b"\r\n" + SMUGGLED,
    b"CONNECT 127.0.0.1:22 HTTP/1.1\r\n" + HOST + b"\r\n" + SMUGGLED,
)
"""Bytes that two readers could cut apart differently: one answer at most, and none for what is smuggled."""

ODD: Final = (
    b"GET /health\r\n\r\n",
    b"GET /health HTTP/9.9\r\n" + HOST + b"\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(range(64)),
    b"OPTIONS * HTTP/1.1\r\n" + HOST + b"\r\n",
    b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\x00evil\r\n\r\n",
    b"GET /health HTTP/1.1\r\n" + HOST + HOST + b"\r\n",
    b"GET /health HTTP/1.1\r\n\r\n",
    b"GET /health HTTP/1.1\r\nHost:\r\n\r\n",
    b"GET /%ff%00%c3%28 HTTP/1.1\r\n" + HOST + b"\r\n",
    b"GET /caf\xc3\xa9 HTTP/1.1\r\n" + HOST + b"\r\n",
    b"GET /" + b"a" * 8_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n",
    b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n",
    b"GET /health HTTP/1.1\r\n" + HOST + b"X: " + b"b" * 70_000 + b"\r\n\r\n",
    b"GET /health HTTP/1.1\r\n" + HOST + b"X: y\r\n" * 200 + b"\r\n",
    b"GET /health HTTP/1.1\r\n" + HOST + b"X: a\x01b\r\n\r\n",
    b"GET /health HTTP/1.1\r\n" + HOST + b"X\x00: a\r\n\r\n",
    b"GET /health HTTP/1.1\r\n" + HOST + b"X-Origin-Secret: \xff\xfe\r\n\r\n",
    b"GET /health#fragment HTTP/1.1\r\n" + HOST + b"\r\n",
    b"FOO /health HTTP/1.1\r\n" + HOST + b"\r\n",
    b"GET /health HTTP/1.1\n" + b"Host: 127.0.0.1\n\n",
    b"\r\n\r\n\r\nGET /health HTTP/1.1\r\n" + HOST + b"\r\n",
    b"\x00" * 100,
    LOGIN + b"Content-Length: 31\r\nExpect: 100-continue\r\n\r\n" + BODY,
    LOGIN + b"Expect: 200-maybe\r\nContent-Length: 31\r\n\r\n" + BODY,
    LOGIN + b"Transfer-Encoding: chunked\r\n\r\n1f;" + b"x" * 500 + b"\r\n" + BODY + b"\r\n0\r\n\r\n",
    LOGIN + b"Transfer-Encoding: chunked\r\n\r\n1f\r\n" + BODY + b"\r\n0\r\nX-Origin-Secret: trailer\r\n\r\n",
    LOGIN + b"Content-Length: 5\r\n\r\n" + b"\xff\xfe{}[",
    LOGIN + b"Content-Length: 2\r\nContent-Encoding: gzip\r\n\r\n{}",
    SMUGGLED * 3,
)


INSERTED: Final = (b"\r", b"\n", b"\r\n", b"\x00", b" ", b"\t", b"\xff", b"0\r\n\r\n", b"%00", b": ")


def corpus(count: int, seed: int = 1) -> Iterator[tuple[bytes, bool]]:
    """Framings, and whether each may bring one answer at most.

    Args:
        count: How many; the first are those written by hand.
        seed: Of the mutations.
    """
    written = [(raw, True) for raw in AMBIGUOUS] + [(raw, False) for raw in ODD]
    yield from written[:count]
    draw = random.Random(seed)
    for _ in range(count - len(written)):
        raw, _ = draw.choice(written)
        yield mutated(raw, draw), False


def mutated(raw: bytes, draw: random.Random) -> bytes:
    """A framing with a few bytes changed, dropped, doubled, or its lines mixed."""
    data = bytearray(raw)
    for _ in range(draw.randint(1, 4)):
        at = draw.randrange(max(1, min(len(data), 400)))
        kind = draw.randrange(6)
        if kind == 0 and data:
            data[at] = draw.randrange(256)
        elif kind == 1 and data:
            del data[at : at + draw.randint(1, 8)]
        elif kind == 2:
            data[at:at] = draw.choice(
                [b"\r", b"\n", b"\r\n", b"\x00", b" ", b"\t", b"\xff", b"0\r\n\r\n", b"%00", b": "]
            )
        elif kind == 3:
            lines = bytes(data).split(b"\r\n")
            draw.shuffle(lines)
            data = bytearray(b"\r\n".join(lines))
        elif kind == 4:
            data = bytearray(bytes(data).swapcase())
        else:
            data[at:at] = data[at : at + draw.randint(1, 64)]
    return bytes(data)
