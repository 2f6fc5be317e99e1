"""What counts as JSON here."""

import pytest
from app.api.bodies import parse_json
from app.core.errors import BadRequest


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
