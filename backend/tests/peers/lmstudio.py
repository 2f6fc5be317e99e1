"""A double of LM Studio: a real HTTP server in a process of its own, faithful, or faulty by the model's name.

    python -m tests.peers.lmstudio [--port 0] [--api-key KEY] [--token-ms 5] [--plain]

`GET /__log` tells what came and how it ended; `POST /__reset` forgets it.
"""

import asyncio
import json
import random
import string
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from tests.peers.answers import SHOWN, TROUBLE_BEFORE_THE_HEAD, Plan, plan_for
from tests.peers.wire import ClientGone, Reply, Request, arguments, serve

LOADED: Final = 8_192
EMBEDDING: Final = "text-embedding-small"
KEY_NEEDED: Final = (
    "An LM Studio API token is required to make requests to this server, but none was provided using the "
    "'Authorization' header."
)


@dataclass
class Entry:
    """A request that came.

    Attributes:
        path: What was asked.
        body: The JSON that came with it.
        aborted: The client left before the end.
        finished: The answer went out to its planned end, be it a fault.
        tokens_sent: How many tokens went out.
    """

    path: str
    body: object = None
    aborted: bool = False
    finished: bool = False
    tokens_sent: int = 0


@dataclass(frozen=True)
class Listed:
    name: str
    label: str
    loaded: bool = True
    vision: bool = False
    reasoning: bool = False


@dataclass
class LMStudio:
    """The double.

    Attributes:
        api_key: Asked of everybody, when set.
        pause: Seconds between the tokens of ordinary models.
        plain: Leave the models with faults out of the lists.
        log: What came.
    """

    api_key: str | None
    pause: float
    plain: bool
    log: list[Entry] = field(default_factory=list)

    async def answer(self, request: Request, reply: Reply) -> None:
        """Answer one request."""
        if request.path == "/__log":
            await reply.send_json(200, [asdict(entry) for entry in self.log])
            return
        if request.path == "/__reset":
            self.log.clear()
            await reply.send_json(200, [])
            return
        entry = Entry(request.path)
        self.log.append(entry)
        try:
            await self._route(request, reply, entry)
        except ClientGone:
            entry.aborted = True
            raise
        entry.finished = True

    async def _route(self, request: Request, reply: Reply, entry: Entry) -> None:
        lists = {"/v1/models": self._names, "/api/v0/models": self._flat, "/api/v1/models": self._native}
        if self.api_key and request.headers.get("authorization") != f"Bearer {self.api_key}":
            await reply.send_json(401, _error(KEY_NEEDED, "invalid_api_key"))
        elif request.method == "GET" and request.path in lists:
            await reply.send_json(200, lists[request.path]())
        elif request.method == "POST" and request.path == "/v1/chat/completions":
            await self._chat(request, reply, entry)
        else:
            said = f"Unexpected endpoint or method. ({request.method} {request.path}). Returning 200 anyway"
            await reply.send_json(200, {"error": said})

    async def _chat(self, request: Request, reply: Reply, entry: Entry) -> None:
        try:
            body = json.loads(request.body)
            model, question = str(body["model"]), _last_question(body["messages"])
        except (ValueError, KeyError, TypeError):
            await reply.send_json(400, _error("'messages' field is required", None))
            return
        entry.body = body
        plan = plan_for(model, question, self.pause)
        if plan is None:
            message = f"Model '{model}' not found. Load it or download it first."
            await reply.send_json(404, _error(message, "model_not_found"))
            return
        plan = plan.cut_to(body.get("max_tokens"))
        if plan.status != 200:
            said = plan.message.format(model=model, key=request.headers.get("authorization", "nothing"))
            await reply.send_json(plan.status, _error(said, None), Retry_After="7")
        elif plan.trouble in TROUBLE_BEFORE_THE_HEAD:
            await _trouble_at_once(plan, reply)
        elif body.get("stream"):
            await Stream(plan, reply, entry, body).play()
        else:
            await asyncio.sleep(plan.pause * len(plan.tokens))
            await reply.send_json(200, _whole(plan, body))

    def _listed(self) -> list[Listed]:
        ordinary = [
            Listed("tiny-chat-1b", "Tiny Chat 1B"),
            Listed("tiny-think-1b", "Tiny Think 1B", reasoning=True),
            Listed("tiny-eyes-2b", "Tiny Eyes 2B", loaded=False, vision=True),
        ]
        return ordinary if self.plain else [*ordinary, *(Listed(name, name) for name in SHOWN)]

    def _names(self) -> object:
        names = [*(model.name for model in self._listed()), EMBEDDING]
        return {
            "object": "list",
            "data": [{"id": name, "object": "model", "owned_by": "organization_owner"} for name in names],
        }

    def _flat(self) -> object:
        common = {"object": "model", "publisher": "acme", "compatibility_type": "gguf", "quantization": "Q4_K_M"}
        data = [
            {
                "id": model.name,
                **common,
                "type": "vlm" if model.vision else "llm",
                "arch": "llama",
                "state": "loaded" if model.loaded else "not-loaded",
                "max_context_length": 131_072,
                **({"loaded_context_length": LOADED} if model.loaded else {}),
                **({} if model.vision else {"capabilities": ["tool_use"]}),
            }
            for model in self._listed()
        ]
        small = {"id": EMBEDDING, **common, "type": "embeddings", "arch": "nomic-bert", "state": "not-loaded"}
        return {"object": "list", "data": [*data, {**small, "max_context_length": 2_048}]}

    def _native(self) -> object:
        models = [
            {
                "type": "llm",
                "publisher": "acme",
                "key": model.name,
                "display_name": model.label,
                "architecture": "llama",
                "quantization": {"name": "Q4_K_M", "bits_per_weight": 4},
                "size_bytes": 1_500_000_000,
                "params_string": "1B",
                "loaded_instances": [{"id": model.name, "config": {"context_length": LOADED}}] if model.loaded else [],
                "max_context_length": 131_072,
                "format": "gguf",
                "capabilities": {
                    "vision": model.vision,
                    "trained_for_tool_use": not model.vision,
                    **({"reasoning": {"allowed_options": ["off", "on"], "default": "on"}} if model.reasoning else {}),
                },
                "description": None,
            }
            for model in self._listed()
        ]
        small = {
            "type": "embedding",
            "publisher": "acme",
            "key": EMBEDDING,
            "display_name": "Small",
            "size_bytes": 90_000_000,
            "params_string": None,
            "loaded_instances": [],
            "max_context_length": 2_048,
            "format": "gguf",
        }
        return {"models": [*models, small]}


@dataclass
class Stream:
    """One streamed answer on its way."""

    plan: Plan
    reply: Reply
    entry: Entry
    body: dict[str, Any]

    def __post_init__(self) -> None:
        self._id = _completion_id()
        self._next = asyncio.get_running_loop().time() + self.plan.first_pause

    async def play(self) -> None:
        """Send it, with its trouble."""
        await self.reply.begin_stream()
        await self._chunk({"role": "assistant", "content": ""})
        for thought in self.plan.thoughts:
            await self._token({"reasoning_content": thought})
        for number, token in enumerate(self.plan.tokens):
            if self.plan.trouble and number == self.plan.after:
                await self._trouble()
                return
            await self._token({"content": token})
        await self._chunk({}, self.plan.finish_reason)
        if self.plan.usage and (self.body.get("stream_options") or {}).get("include_usage"):
            await self._data({**self._frame(), "choices": [], "usage": _usage(self.plan, self.body)})
        if self.plan.done:
            await self.reply.send_chunk(b"data: [DONE]\n\n")
        await self.reply.end_stream()

    async def _token(self, delta: dict[str, str]) -> None:
        # By the clock and not by pauses, so that the pace does not slip.
        self._next += self.plan.pause
        await self.reply.wait(max(0.0, self._next - asyncio.get_running_loop().time()))
        await self._chunk(delta)
        self.entry.tokens_sent += 1

    async def _chunk(self, delta: dict[str, str], finish_reason: str | None = None) -> None:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
        await self._data({**self._frame(), "choices": [choice]})

    async def _data(self, document: object) -> None:
        await self.reply.send_chunk(b"data: " + json.dumps(document).encode() + b"\n\n")

    def _frame(self) -> dict[str, object]:
        model = self.body["model"]
        named = {"id": self._id, "object": "chat.completion.chunk", "created": 1_767_225_600, "model": model}
        return {**named, "system_fingerprint": model}

    async def _trouble(self) -> None:
        match self.plan.trouble:
            case "cut":
                self.reply.cut()
            case "stall":
                await self.reply.wait(None)
            case "garbage":
                await self.reply.send_chunk(b'data: {"choices": [{"delta": {"content"\x00\x01\n\n')
            case "badutf8":
                await self.reply.send_chunk(b'data: {"choices":[{"delta":{"content":"\xff\xfe"}}]}\n\n')
            case "longline":
                for _ in range(160):
                    await self.reply.send_chunk(b"data: " + b"a" * 65_536)
            case _:
                error = _error("The model has crashed without additional information. (Exit code: 6)", None)
                await self.reply.send_chunk(b"event: error\ndata: " + json.dumps(error).encode() + b"\n\n")
        if self.plan.trouble != "cut":
            await self.reply.end_stream()


async def _trouble_at_once(plan: Plan, reply: Reply) -> None:
    match plan.trouble:
        case "hang":
            await reply.wait(None)
        case "html":
            await reply.send_whole(200, "text/html", b"<!doctype html><title>Router</title><p>Please sign in.")
        case "noise":
            await reply.send_raw(b"\x16\x03\x01\x02\x00 this is not HTTP\r\n\r\n")
        case _:
            reply.cut()


def _error(message: str, code: str | None) -> dict[str, object]:
    return {"error": {"message": message, "type": "invalid_request_error", "param": "model", "code": code}}


def _usage(plan: Plan, body: dict[str, Any]) -> dict[str, int]:
    asked = sum(len(str(message.get("content", "")).split()) for message in body["messages"])
    said = len(plan.thoughts) + len(plan.tokens)
    return {"prompt_tokens": asked, "completion_tokens": said, "total_tokens": asked + said}


def _whole(plan: Plan, body: dict[str, Any]) -> dict[str, object]:
    message = {"role": "assistant", "content": "".join(plan.tokens), "reasoning_content": "".join(plan.thoughts)}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": plan.finish_reason}
    named = {"id": _completion_id(), "object": "chat.completion", "created": 1_767_225_600, "model": body["model"]}
    return {**named, "choices": [choice], "usage": _usage(plan, body), "stats": {}}


def _completion_id() -> str:
    return "chatcmpl-" + "".join(random.choices(string.ascii_lowercase + string.digits, k=21))


def _last_question(messages: list[dict[str, Any]]) -> str:
    return next(str(message["content"]) for message in reversed(messages) if message["role"] == "user")


def main() -> None:
    """Serve until told to stop."""
    parser = arguments("A double of LM Studio.")
    parser.add_argument("--api-key", help="asked of everybody as a bearer token")
    parser.add_argument("--token-ms", type=float, default=5.0, help="between the tokens of ordinary models")
    parser.add_argument("--plain", action="store_true", help="leave the models with faults out of the lists")
    given = parser.parse_args()
    double = LMStudio(given.api_key, given.token_ms / 1_000, given.plain)
    asyncio.run(serve(double.answer, given.port))


if __name__ == "__main__":
    main()
