"""What counts as JSON here, and that every request that changes something is held to it."""

from collections.abc import AsyncIterator

import pytest
from app.api.bodies import parse_json
from app.api.doors import SMALL, declared_doors
from app.auth.guards import SAFE_METHODS
from app.core.errors import BadRequest

from tests.client import Api, Person


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b'{"a":1,"a":2}',
        b'{"a":{"b":1,"b":1}}',
        b"NaN",
        b"[-Infinity]",
        b"1e999",
        b"-1e999",
        b'"\\ud800"',
        b"\xff",
        b"\xff\xfe{\x00}\x00",
        b"1" * 5_000,
        b"[" * 33 + b"]" * 33,
        b"[" * 100_000,
    ],
)
def test_what_does_not_parse_is_refused(raw: bytes) -> None:
    with pytest.raises(BadRequest):
        parse_json(raw)


@pytest.mark.parametrize("raw", [b"{}", b'{"a":[1,2.5,"\xc3\xa9",null]}', b"[" * 32 + b"]" * 32])
def test_ordinary_json_is_read(raw: bytes) -> None:
    parse_json(raw)


JSON = {"Content-Type": "application/json"}


async def too_much() -> AsyncIterator[bytes]:
    """More than a small body, without saying how much."""
    for _ in range(SMALL // 1_000 + 1):
        yield b" " * 1_000


async def test_a_door_that_takes_no_body_reads_one_as_strictly(api: Api, owner: Person) -> None:
    bare = [
        (method, path.replace("{", "").replace("}", ""))
        for (method, path), route in declared_doors(api.app).items()
        if method not in SAFE_METHODS and route.body_field is None and path not in {"/auth/logout", "/auth/me"}
    ]
    assert len(bare) > 8
    for method, path in bare:

        async def told(content: object, headers: dict[str, str], method: str = method, path: str = path) -> int:
            return (await owner.request(method, path, content=content, headers=headers)).status_code

        assert await told(b"{}", {"Content-Type": "text/plain"}) == 415, path
        assert await told(b"{}", {}) == 415, path
        assert await told(b"{", JSON) == 400, path
        assert await told(too_much(), JSON) == 413, path
        assert await told(b'{"any": 1}', JSON) in {204, 404}, path
        assert await told(b"", {}) in {204, 404}, path
