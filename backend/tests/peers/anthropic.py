"""A double of Anthropic's API: a real HTTP server in a process of its own, faithful, or faulty by the model's name.

    python -m tests.peers.anthropic [--port 0] [--api-key KEY] [--token-ms 5] [--plain]

`GET /__log` tells what came and how it ended; `POST /__reset` forgets it.
"""

import asyncio
import json
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from tests.peers.answers import SHOWN, TROUBLE_BEFORE_THE_HEAD, plan_for
from tests.peers.double import Double, Entry, Listed, Stream, last_question, trouble_at_once, words_in
from tests.peers.wire import Reply, Request, arguments, serve

VERSION: Final = "2023-06-01"
LONGEST: Final = 64_000
SET_IN_ITS_WAYS: Final = "pace-1-3"
SAID: Final = {
    401: ("authentication_error", "invalid x-api-key: {key}"),
    403: ("permission_error", "The key {key} may not do this."),
    404: ("not_found_error", "model: {model}"),
    413: ("request_too_large", "Request exceeds the maximum size"),
    429: ("rate_limit_error", "This request would exceed your organization's rate limit"),
    500: ("api_error", "Internal server error. Key: {key}"),
    529: ("overloaded_error", "Overloaded"),
}
STOPS: Final = {"stop": "end_turn", "length": "max_tokens"}


class Anthropic(Double):
    """The double."""

    async def route(self, request: Request, reply: Reply, entry: Entry) -> None:
        """Answer as the API does."""
        given, path = request.headers.get("x-api-key"), urlsplit(request.path).path
        if not given or (self.api_key and given != self.api_key):
            await _refuse(reply, 401, *SAID[401], key=given)
        elif request.headers.get("anthropic-version") != VERSION:
            await _refuse(reply, 400, "invalid_request_error", "anthropic-version: header is required")
        elif (request.method, path) == ("GET", "/v1/models"):
            await reply.send_json(200, self._page(parse_qs(urlsplit(request.path).query)))
        elif (request.method, path) == ("POST", "/v1/messages"):
            await self._messages(request, reply, entry)
        else:
            await _refuse(reply, 404, "not_found_error", "Not found")

    def _page(self, query: dict[str, list[str]]) -> object:
        every = self.listed(SHOWN)
        names = [model.name for model in every]
        begin = names.index(query["after_id"][0]) + 1 if "after_id" in query else 0
        size = min(int(query.get("limit", ["20"])[0]), 10)  # small pages, so that there are some
        shown = every[begin : begin + size]
        return {
            "data": [_listed(model) for model in shown],
            "has_more": begin + size < len(every),
            "first_id": shown[0].name if shown else None,
            "last_id": shown[-1].name if shown else None,
        }

    async def _messages(self, request: Request, reply: Reply, entry: Entry) -> None:
        body = json.loads(request.body)
        entry.body = body
        if problem := _problem(body):
            await _refuse(reply, 400, "invalid_request_error", problem)
            return
        model = str(body["model"])
        plan = plan_for(model, last_question(body["messages"]), self.pause)
        if plan is None:
            await _refuse(reply, 404, *SAID[404], model=model)
            return
        plan = plan.cut_to(body["max_tokens"])
        if plan.status != 200:
            kind, said = SAID.get(plan.status, ("api_error", plan.message))
            await _refuse(reply, plan.status, kind, said, model=model, key=request.headers["x-api-key"])
        elif plan.trouble in TROUBLE_BEFORE_THE_HEAD:
            await trouble_at_once(plan, reply)
        else:
            await Events(plan, reply, entry, body).play()


class Events(Stream):
    """One streamed answer in the API's events."""

    noise = b'event: content_block_delta\ndata: {"type": "content_block_delta", "delta": {"te\x00\x01\n\n'

    async def begin(self) -> None:
        """The message, and a ping."""
        usage = {"input_tokens": words_in(self.body["messages"]), "cache_read_input_tokens": 0, "output_tokens": 1}
        message = {"id": "msg_01", "type": "message", "role": "assistant", "content": [], "model": self.body["model"]}
        await self._event("message_start", message={**message, "stop_reason": None, "usage": usage})
        await self._event("ping")
        self._block: str | None = None
        self._index = -1

    async def thought(self, text: str) -> None:
        """A piece of the reasoning."""
        await self._in_block("thinking", {"type": "thinking", "thinking": "", "signature": ""})
        await self._event("content_block_delta", index=self._index, delta={"type": "thinking_delta", "thinking": text})

    async def token(self, text: str) -> None:
        """A piece of the text."""
        await self._in_block("text", {"type": "text", "text": ""})
        await self._event("content_block_delta", index=self._index, delta={"type": "text_delta", "text": text})

    async def end(self) -> None:
        """The reason with the figures, and the word that it is over."""
        await self._in_block(None, {})
        said = len(self.plan.thoughts) + len(self.plan.tokens)
        usage = {"usage": {"output_tokens": said}} if self.plan.usage else {}
        delta = {"stop_reason": STOPS[self.plan.finish_reason], "stop_sequence": None}
        await self._event("message_delta", delta=delta, **usage)
        if self.plan.done:
            await self._event("message_stop")

    def failing(self) -> bytes:
        """An error in the middle of the answer."""
        return _framed("error", {"error": {"type": "api_error", "message": "Internal server error"}})

    def badly_encoded(self) -> bytes:
        """A piece that is not UTF-8."""
        return b'data: {"type":"content_block_delta","delta":{"type":"text_delta","text":"\xff\xfe"}}\n\n'

    async def _in_block(self, kind: str | None, block: dict[str, str]) -> None:
        if kind == self._block:
            return
        if self._block == "thinking":
            signature = {"type": "signature_delta", "signature": "EqQBCg=="}
            await self._event("content_block_delta", index=self._index, delta=signature)
        if self._block:
            await self._event("content_block_stop", index=self._index)
        self._block = kind
        if kind:
            self._index += 1
            await self._event("content_block_start", index=self._index, content_block=block)

    async def _event(self, name: str, **content: object) -> None:
        await self.reply.send_chunk(_framed(name, content))


def _framed(name: str, content: dict[str, Any]) -> bytes:
    return f"event: {name}\ndata: {json.dumps({'type': name, **content})}\n\n".encode()


def _problem(body: dict[str, Any]) -> str | None:
    """What the API says about a body that it does not take."""
    most, roles = body.get("max_tokens"), {message["role"] for message in body["messages"]}
    sampling = {"temperature", "top_p"} & set(body)
    problems = {
        "max_tokens: Field required": most is None,
        f"max_tokens: {most} > {LONGEST}, which is the maximum allowed number of output tokens": (most or 0) > LONGEST,
        'messages: Unexpected role "system". The Messages API accepts a top-level `system` parameter': "system"
        in roles,
        "temperature: range: 0..1": body.get("temperature", 0) > 1,
        "`temperature` and `top_p` cannot both be specified for this model. Please use only one.": len(sampling) > 1,
        "`temperature` is deprecated for this model.": body["model"] == SET_IN_ITS_WAYS and bool(sampling),
    }
    return next((problem for problem, found in problems.items() if found), None)


def _listed(model: Listed) -> dict[str, object]:
    return {
        "type": "model",
        "id": model.name,
        "display_name": model.label,
        "created_at": "2026-01-01T00:00:00Z",
        "max_input_tokens": 1_000_000,
        "max_tokens": LONGEST,
        "capabilities": {
            "image_input": {"supported": model.vision},
            "thinking": {"supported": model.reasoning, "types": {"adaptive": {"supported": model.reasoning}}},
        },
    }


async def _refuse(reply: Reply, status: int, kind: str, said: str, *, model: str = "", key: str | None = None) -> None:
    error = {"type": kind, "message": said.format(model=model, key=key or "nothing")}
    await reply.send_json(status, {"type": "error", "error": error, "request_id": "req_01"}, Retry_After="7")


def main() -> None:
    """Serve until told to stop."""
    parser = arguments("A double of Anthropic's API.")
    parser.add_argument("--api-key", help="the only one that is taken")
    parser.add_argument("--token-ms", type=float, default=5.0, help="between the tokens of ordinary models")
    parser.add_argument("--plain", action="store_true", help="leave the models with faults out of the lists")
    given = parser.parse_args()
    double = Anthropic(given.api_key, given.token_ms / 1_000, given.plain)
    asyncio.run(serve(double.answer, given.port))


if __name__ == "__main__":
    main()
