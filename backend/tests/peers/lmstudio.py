"""A double of LM Studio: a real HTTP server in a process of its own, faithful, or faulty by the model's name.

    python -m tests.peers.lmstudio [--port 0] [--api-key KEY] [--token-ms 5] [--plain] [--no-jit]

`GET /__log` tells what came and how it ended; `POST /__reset` forgets it.
"""

import asyncio
import json
import random
import string
from dataclasses import dataclass
from typing import Any, Final

from tests.peers import embeddings
from tests.peers.answers import SHOWN, STATUSES, TROUBLE_BEFORE_THE_HEAD, Plan, plan_for
from tests.peers.double import Double, Entry, Stream, last_question, trouble_at_once, words_in
from tests.peers.wire import Reply, Request, arguments, serve

LOADED: Final = 8_192
EMBEDDING: Final = "text-embedding-small"
CRASHED: Final = "The model has crashed without additional information. (Exit code: 6)"
KEY_NEEDED: Final = (
    "An LM Studio API token is required to make requests to this server, but none was provided using the "
    "'Authorization' header."
)


@dataclass
class LMStudio(Double):
    """The double.

    Attributes:
        jit: A question loads its model.
    """

    jit: bool = True

    async def route(self, request: Request, reply: Reply, entry: Entry) -> None:
        lists = {"/v1/models": self._names, "/api/v0/models": self._flat, "/api/v1/models": self._native}
        if self.api_key and request.headers.get("authorization") != f"Bearer {self.api_key}":
            await reply.send_json(401, _error(KEY_NEEDED, "invalid_api_key"))
        elif request.method == "GET" and request.path in lists:
            await reply.send_json(200, lists[request.path]())
        elif request.method == "POST" and request.path == "/v1/chat/completions":
            await self._chat(request, reply, entry)
        elif request.method == "POST" and request.path == "/v1/embeddings":
            await self._embed(request, reply, entry)
        elif request.method == "POST" and request.path in {"/api/v1/models/load", "/api/v1/models/unload"}:
            body = json.loads(request.body)
            entry.body = body
            await self._load(body, reply)
        else:
            said = f"Unexpected endpoint or method. ({request.method} {request.path}). Returning 200 anyway"
            await reply.send_json(200, {"error": said})

    async def _chat(self, request: Request, reply: Reply, entry: Entry) -> None:
        try:
            body = json.loads(request.body)
            model, question = str(body["model"]), last_question(body["messages"])
        except (ValueError, KeyError, TypeError):
            await reply.send_json(400, _error("'messages' field is required", None))
            return
        entry.body = body
        plan = plan_for(model, question, self.pause)
        if plan is None:
            message = f"Model '{model}' not found. Load it or download it first."
            await reply.send_json(404, _error(message, "model_not_found"))
            return
        if not self.jit and self._asleep(model):
            await reply.send_json(404, _error(STATUSES[400], None))
            return
        self.woken.add(model)
        plan = plan.cut_to(body.get("max_tokens"))
        if plan.status != 200:
            said = plan.message.format(model=model, key=request.headers.get("authorization", "nothing"))
            await reply.send_json(plan.status, _error(said, None), Retry_After="7")
        elif plan.trouble in TROUBLE_BEFORE_THE_HEAD:
            await trouble_at_once(plan, reply)
        elif body.get("stream"):
            await Chunks(plan, reply, entry, body).play()
        else:
            await asyncio.sleep(plan.pause * len(plan.tokens))
            await reply.send_json(200, _whole(plan, body))

    async def _embed(self, request: Request, reply: Reply, entry: Entry) -> None:
        entry.body = body = json.loads(request.body)
        texts = body["input"]
        if body["model"] != EMBEDDING:
            await reply.send_json(404, _error(f"Model '{body['model']}' not found.", "model_not_found"))
        elif any(len(text) > embeddings.MOST_CHARS for text in texts):
            await reply.send_json(400, _error("input is larger than the max context size", None))
        else:
            await asyncio.sleep(sum("slowly" in text for text in texts))
            data = [{"object": "embedding", "index": place, "embedding": embeddings.vector(text)}
                    for place, text in enumerate(texts)]  # fmt: skip
            await reply.send_json(200, {"object": "list", "model": EMBEDDING, "data": data[::-1]})

    def _asleep(self, name: str) -> bool:
        return any(model.name == name and not model.loaded for model in self.listed(SHOWN))

    async def _load(self, body: dict[str, str], reply: Reply) -> None:
        if instance := body.get("instance_id"):
            self.woken.discard(instance)
            await reply.send_json(200, {"instance_id": instance})
            return
        model = body["model"]
        if model not in {EMBEDDING, *(known.name for known in self.listed(SHOWN))}:
            error = {"type": "model_not_found", "message": f"Model {model} was not found", "param": "model"}
            await reply.send_json(404, {"error": error})
            return
        # What is in memory already comes there a second time.
        instance = model if model == EMBEDDING or self._asleep(model) else f"{model}:2"
        self.woken.add(instance)
        loaded = {"type": "llm", "instance_id": instance, "load_time_seconds": 0.1, "status": "loaded"}
        await reply.send_json(200, loaded)

    def _names(self) -> object:
        names = [*(model.name for model in self.listed(SHOWN)), EMBEDDING]
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
            for model in self.listed(SHOWN)
        ]
        state = "loaded" if EMBEDDING in self.woken else "not-loaded"
        small = {"id": EMBEDDING, **common, "type": "embeddings", "arch": "nomic-bert", "state": state}
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
            for model in self.listed(SHOWN)
        ]
        small = {
            "type": "embedding",
            "publisher": "acme",
            "key": EMBEDDING,
            "display_name": "Small",
            "size_bytes": 90_000_000,
            "params_string": None,
            "loaded_instances": [{"id": EMBEDDING, "config": {}}] if EMBEDDING in self.woken else [],
            "max_context_length": 2_048,
            "format": "gguf",
        }
        return {"models": [*models, small]}


class Chunks(Stream):
    """One streamed answer in chunks of the chat-completions dialect."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self._id = _completion_id()

    async def begin(self) -> None:
        """The role."""
        await self._chunk({"role": "assistant", "content": ""})

    async def token(self, text: str) -> None:
        """A piece of the text."""
        await self._chunk({"content": text})

    async def thought(self, text: str) -> None:
        """A piece of the reasoning."""
        await self._chunk({"reasoning_content": text})

    async def end(self) -> None:
        """The reason, the figures for who asked for them, and the word that it is over."""
        await self._chunk({}, self.plan.finish_reason)
        if self.plan.usage and (self.body.get("stream_options") or {}).get("include_usage"):
            await self._data({**self._frame(), "choices": [], "usage": _usage(self.plan, self.body)})
        if self.plan.done:
            await self.reply.send_chunk(b"data: [DONE]\n\n")

    def failing(self) -> bytes:
        """An error in the middle of the answer."""
        return b"event: error\ndata: " + json.dumps(_error(CRASHED, None)).encode() + b"\n\n"

    def badly_encoded(self) -> bytes:
        """A piece that is not UTF-8."""
        return b'data: {"choices":[{"delta":{"content":"\xff\xfe"}}]}\n\n'

    async def _chunk(self, delta: dict[str, str], finish_reason: str | None = None) -> None:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
        await self._data({**self._frame(), "choices": [choice]})

    async def _data(self, document: object) -> None:
        await self.reply.send_chunk(b"data: " + json.dumps(document).encode() + b"\n\n")

    def _frame(self) -> dict[str, object]:
        model = self.body["model"]
        named = {"id": self._id, "object": "chat.completion.chunk", "created": 1_767_225_600, "model": model}
        return {**named, "system_fingerprint": model}


def _error(message: str, code: str | None) -> dict[str, object]:
    return {"error": {"message": message, "type": "invalid_request_error", "param": "model", "code": code}}


def _usage(plan: Plan, body: dict[str, Any]) -> dict[str, int]:
    asked = words_in(body["messages"])
    said = len(plan.thoughts) + len(plan.tokens)
    return {"prompt_tokens": asked, "completion_tokens": said, "total_tokens": asked + said}


def _whole(plan: Plan, body: dict[str, Any]) -> dict[str, object]:
    message = {"role": "assistant", "content": "".join(plan.tokens), "reasoning_content": "".join(plan.thoughts)}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": plan.finish_reason}
    named = {"id": _completion_id(), "object": "chat.completion", "created": 1_767_225_600, "model": body["model"]}
    return {**named, "choices": [choice], "usage": _usage(plan, body), "stats": {}}


def _completion_id() -> str:
    return "chatcmpl-" + "".join(random.choices(string.ascii_lowercase + string.digits, k=21))


def main() -> None:
    """Serve until told to stop."""
    parser = arguments("A double of LM Studio.")
    parser.add_argument("--api-key", help="asked of everybody as a bearer token")
    parser.add_argument("--token-ms", type=float, default=5.0, help="between the tokens of ordinary models")
    parser.add_argument("--plain", action="store_true", help="leave the models with faults out of the lists")
    parser.add_argument("--no-jit", action="store_true", help="a question does not load its model")
    given = parser.parse_args()
    double = LMStudio(given.api_key, given.token_ms / 1_000, given.plain, jit=not given.no_jit)
    asyncio.run(serve(double.answer, given.port))


if __name__ == "__main__":
    main()
