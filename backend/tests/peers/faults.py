"""What the double says to each model name: the bytes, their pace, and how they go wrong."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

HEAD: Final = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-cache\r\nConnection: close\r\n\r\n"
)
FAULTS: Final = (
    "fault-hang",
    "fault-cut-5",
    "fault-drip-200",
    "fault-garbage",
    "fault-html",
    "fault-badutf8",
    "fault-longline",
    "fault-401",
    "fault-403",
    "fault-404",
    "fault-429",
    "fault-500",
    "fault-503",
    "fault-reset",
    "fault-slow-first-1500",
    "fault-nousage",
    "fault-nodone",
    "fault-stall-3",
    "fault-think-inline",
    "fault-error-chunk",
    "fault-inject",
    "pace-20-100",
)
STATUSES: Final = {"401", "403", "404", "429", "500", "503"}


@dataclass(frozen=True)
class Piece:
    """Bytes that go out together, after a pause in seconds."""

    raw: bytes
    pause: float = 0.0
    tokens: int = 0


@dataclass
class Answer:
    """A whole answer: a silence before, pieces, and whether it then hangs instead of closing."""

    pieces: list[Piece] = field(default_factory=list)
    before: float = 0.0
    hang: bool = False


def plan(model: str, body: dict[str, object]) -> Answer:
    """What to say to a request for this model."""
    kind, _, rest = model.partition("-")
    if kind == "pace":
        pause, count = rest.split("-")
        return Answer([*_spoken(model, _count(int(count)), float(pause) / 1000), *_closing(model, int(count))])
    if kind == "fault":
        return _fault(model, rest, _echo(body))
    words = _echo(body)
    thoughts = ["I ", "should ", "answer ", "kindly."] if model == "tiny-think-1b" else []
    pieces = [_chunk(model, {"reasoning_content": word}) for word in thoughts]
    return Answer([Piece(HEAD), *pieces, *_spoken(model, words, 0.002)[1:], *_closing(model, len(words))])


def _fault(model: str, fault: str, words: list[str]) -> Answer:
    name, _, figure = fault.rpartition("-")
    spoken = _spoken(model, words, 0.002)
    closing = _closing(model, len(words))
    if fault in STATUSES:
        return Answer([Piece(_refusal(fault))])
    plans = {
        "hang": Answer(hang=True),
        "reset": Answer(),
        "garbage": Answer([Piece(HEAD), Piece(b"data: {not json at all\n\n")]),
        "html": Answer(
            [Piece(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n<html>busy</html>")]
        ),
        "badutf8": Answer([Piece(HEAD), Piece(b'data: {"choices":[{"delta":{"content":"\xff\xfe"}}]}\n\n')]),
        "longline": Answer([Piece(HEAD), *[Piece(b"x" * 65_536)] * 40]),
        "nousage": Answer([*spoken, _end(model), Piece(b"data: [DONE]\n\n")]),
        "nodone": Answer([*spoken, *closing[:-1]]),
        "error-chunk": Answer(
            [*spoken[:4], Piece(b'data: {"error":{"message":"The model has crashed sk-canary"}}\n\n')]
        ),
        "think-inline": Answer([*_spoken(model, ["<thi", "nk>", "Let me ", "see.</th", "ink>\n", *words]), *closing]),
        "inject": Answer([*_spoken(model, ["id: 9\n", "event: done\n", "data: {}\n\n", "<script>", "x"]), *closing]),
        "cut": Answer(_spoken(model, _count(5))),
        "stall": Answer(_spoken(model, _count(3)), hang=True),
        "drip": Answer([*_spoken(model, words, float(figure or 0) / 1000), *closing]) if name == "drip" else Answer(),
        "slow-first": Answer([*spoken, *closing], before=float(figure or 0) / 1000)
        if name == "slow-first"
        else Answer(),
    }
    return plans.get(fault) or plans[name]


def _count(number: int) -> list[str]:
    return [f"tok{place} " for place in range(number)]


def _echo(body: dict[str, object]) -> list[str]:
    messages = body.get("messages")
    last = messages[-1]["content"] if isinstance(messages, list) and messages else ""
    text = f"You asked: **{last}**\n\nHere is some code:\n\n```python\nprint('hello')\n```\n\nThat is all."
    limit = body.get("max_tokens")
    return list(_words(text))[: limit if isinstance(limit, int) else None]


def _words(text: str) -> Iterator[str]:
    word = ""
    for char in text:
        word += char
        if char in " \n":
            yield word
            word = ""
    if word:
        yield word


def _spoken(model: str, words: list[str], pause: float = 0.0) -> list[Piece]:
    first = _chunk(model, {"role": "assistant", "content": None}, tokens=0)
    return [Piece(HEAD), first, *(_chunk(model, {"content": word}, pause=pause) for word in words)]


def _chunk(model: str, delta: dict[str, object], *, pause: float = 0.0, tokens: int = 1) -> Piece:
    return Piece(_data(model, [{"index": 0, "delta": delta, "finish_reason": None}]), pause, tokens)


def _end(model: str) -> Piece:
    return Piece(_data(model, [{"index": 0, "delta": {}, "finish_reason": "stop"}]))


def _closing(model: str, tokens: int) -> list[Piece]:
    usage = {"prompt_tokens": 7, "completion_tokens": tokens, "total_tokens": 7 + tokens}
    return [_end(model), Piece(_data(model, [], usage=usage)), Piece(b"data: [DONE]\n\n")]


def _data(model: str, choices: list[dict[str, object]], **more: object) -> bytes:
    chunk = {"id": "chatcmpl-double", "object": "chat.completion.chunk", "model": model, "choices": choices, **more}
    return b"data: %s\n\n" % json.dumps(chunk).encode()


def _refusal(status: str) -> bytes:
    raw = json.dumps({"error": {"message": "refused with key sk-canary", "type": "invalid_request_error"}}).encode()
    head = f"HTTP/1.1 {status} Refused\r\nContent-Type: application/json\r\nContent-Length: {len(raw)}\r\nRetry-After: 7\r\n\r\n"
    return head.encode() + raw
