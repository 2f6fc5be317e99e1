"""A double of Ollama: a real HTTP server in a process of its own, faithful, or faulty by the model's name.

    python -m tests.peers.ollama [--port 0] [--token-ms 5] [--plain]

`GET /__log` tells what came and how it ended; `POST /__reset` forgets it.
"""

import asyncio
import hashlib
import json
from typing import Any, Final

from tests.peers import embeddings
from tests.peers.answers import SHOWN, TROUBLE_BEFORE_THE_HEAD, plan_for
from tests.peers.double import Double, Entry, Stream, last_question, trouble_at_once, words_in
from tests.peers.wire import Reply, Request, arguments, serve

EMBEDDING: Final = "tiny-embed:latest"
CREATED: Final = "2026-01-01T00:00:00.000000Z"
WINDOW: Final = 131_072
SAID: Final = {
    400: '"{model}" does not support chat',
    404: "model '{model}' not found",
    500: "model requires more system memory (5.6 GiB) than is available (3.1 GiB)",
    503: "server busy, please try again.  maximum pending requests exceeded",
}


class Ollama(Double):
    """The double."""

    async def route(self, request: Request, reply: Reply, entry: Entry) -> None:
        """Answer as Ollama does."""
        match request.method, request.path:
            case "GET", "/":
                await reply.send_whole(200, "text/plain; charset=utf-8", b"Ollama is running")
            case "GET", "/api/tags":
                await reply.send_json(200, {"models": [_tag(name) for name in self._names()]})
            case "GET", "/api/ps":
                loaded = [_running(model.name) for model in self.listed(SHOWN) if model.loaded]
                await reply.send_json(200, {"models": loaded})
            case "POST", "/api/show" | "/api/chat" | "/api/embed":
                await self._asked(request, reply, entry)
            case _:
                await reply.send_whole(404, "text/plain", b"404 page not found")

    def _names(self) -> list[str]:
        return [*(model.name for model in self.listed(SHOWN)), EMBEDDING]

    async def _asked(self, request: Request, reply: Reply, entry: Entry) -> None:
        try:
            body = json.loads(request.body)
            model = str(body["model"])
        except (ValueError, KeyError, TypeError):
            await reply.send_json(400, {"error": "invalid character 'x' looking for beginning of value"})
            return
        entry.body = body
        if request.path == "/api/show":
            await self._show(model, reply)
        elif request.path == "/api/embed":
            await self._embed(model, body["input"], reply)
        else:
            await self._chat(model, body, reply, entry)

    async def _embed(self, name: str, texts: list[str], reply: Reply) -> None:
        if name != EMBEDDING:
            await reply.send_json(404, {"error": SAID[404].format(model=name)})
        elif any(len(text) > embeddings.MOST_CHARS for text in texts):
            await reply.send_json(400, {"error": "the input length exceeds the context length"})
        else:
            made = [embeddings.vector(text) for text in texts]
            await reply.send_json(200, {"model": name, "embeddings": made, "total_duration": 1, "load_duration": 1})

    async def _show(self, name: str, reply: Reply) -> None:
        found = next((model for model in self.listed(SHOWN) if model.name == name), None)
        if name == EMBEDDING:
            await reply.send_json(200, _shown("nomic-bert", 2_048, ["embedding"]))
        elif found or plan_for(name, "", 0):
            able = ["completion", "tools"]
            able += ["vision"] if found and found.vision else []
            able += ["thinking"] if found and found.reasoning else []
            await reply.send_json(200, _shown("llama", WINDOW, able))
        else:
            await reply.send_json(404, {"error": SAID[404].format(model=name)})

    async def _chat(self, model: str, body: dict[str, Any], reply: Reply, entry: Entry) -> None:
        plan = plan_for(model, last_question(body["messages"]), self.pause)
        if plan is None:
            await reply.send_json(404, {"error": SAID[404].format(model=model)})
            return
        if body.get("think") and not plan.thoughts:
            await reply.send_json(400, {"error": f'"{model}" does not support thinking'})
            return
        self.woken.add(model)
        most = (body.get("options") or {}).get("num_predict")
        plan = plan.cut_to(most)
        if plan.status != 200:
            await reply.send_json(
                plan.status, {"error": SAID.get(plan.status, plan.message).format(model=model, key="")}
            )
        elif plan.trouble in TROUBLE_BEFORE_THE_HEAD:
            await trouble_at_once(plan, reply)
        else:
            await Lines(plan, reply, entry, body).play()


class Lines(Stream):
    """One streamed answer in lines of JSON."""

    kind = "application/x-ndjson"
    noise = b'{"model": "x", "message": {"content"\x00\x01\n'
    long_start = b""

    async def begin(self) -> None:
        """Ollama begins with the first token."""

    async def token(self, text: str) -> None:
        """A piece of the text."""
        await self._line({"message": {"role": "assistant", "content": text}, "done": False})

    async def thought(self, text: str) -> None:
        """A piece of the reasoning; without `think` it stands in the text."""
        if self.body.get("think"):
            said = {"role": "assistant", "content": "", "thinking": text}
            await self._line({"message": said, "done": False})

    async def end(self) -> None:
        """The reason and the figures, in one last line."""
        if not self.plan.done:
            return
        figures = {
            "total_duration": 4_883_583_458,
            "load_duration": 1_334_875,
            "prompt_eval_count": words_in(self.body["messages"]),
            "prompt_eval_duration": 342_546_000,
            "eval_count": len(self.plan.thoughts) + len(self.plan.tokens),
            "eval_duration": 4_535_599_000,
        }
        await self._line(
            {
                "message": {"role": "assistant", "content": ""},
                "done": True,
                "done_reason": self.plan.finish_reason,
                **(figures if self.plan.usage else {}),
            }
        )

    def failing(self) -> bytes:
        """An error in the middle of the answer."""
        return b'{"error":"an error was encountered while running the model: unexpected EOF"}\n'

    def badly_encoded(self) -> bytes:
        """A piece that is not UTF-8."""
        return b'{"message":{"role":"assistant","content":"\xff\xfe"},"done":false}\n'

    async def _line(self, document: dict[str, Any]) -> None:
        named = {"model": self.body["model"], "created_at": CREATED, **document}
        await self.reply.send_chunk(json.dumps(named).encode() + b"\n")


def _tag(name: str) -> dict[str, object]:
    return {
        "name": name,
        "model": name,
        "modified_at": CREATED,
        "size": 1_500_000_000,
        "digest": hashlib.sha256(name.encode()).hexdigest(),
        "details": {"format": "gguf", "family": "nomic-bert" if name == EMBEDDING else "llama", "parameter_size": "1B"},
    }


def _running(name: str) -> dict[str, object]:
    return {**_tag(name), "expires_at": "2026-01-01T00:05:00Z", "size_vram": 1_500_000_000, "context_length": 16_384}


def _shown(architecture: str, window: int, able: list[str]) -> dict[str, object]:
    return {
        "modelfile": '# Modelfile generated by "ollama show"',
        "parameters": 'stop                           "<|eot_id|>"',
        "template": "{{ .Prompt }}",
        "details": {"format": "gguf", "family": architecture, "parameter_size": "1B", "quantization_level": "Q4_K_M"},
        "model_info": {
            "general.architecture": architecture,
            "general.parameter_count": 1_000_000_000,
            f"{architecture}.context_length": window,
            "tokenizer.ggml.tokens": None,
        },
        "capabilities": able,
        "modified_at": CREATED,
    }


def main() -> None:
    """Serve until told to stop."""
    parser = arguments("A double of Ollama.")
    parser.add_argument("--token-ms", type=float, default=5.0, help="between the tokens of ordinary models")
    parser.add_argument("--plain", action="store_true", help="leave the models with faults out of the lists")
    given = parser.parse_args()
    double = Ollama(None, given.token_ms / 1_000, given.plain)
    asyncio.run(serve(double.answer, given.port))


if __name__ == "__main__":
    main()
