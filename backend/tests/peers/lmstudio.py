"""A double of LM Studio: a separate process that speaks its HTTP protocol, and misbehaves on demand by model name.

Run as `python -m tests.peers.lmstudio --port 0`; the first line it prints names its address. It sits on raw sockets, so that it
can break HTTP too. `GET /__log` tells what it was asked, `POST /__reset` forgets that.
"""

import argparse
import asyncio
import json
from dataclasses import asdict, dataclass
from typing import Final

from tests.peers.faults import FAULTS, Answer, plan

MODELS: Final = (
    {"id": "tiny-chat-1b", "type": "llm", "loaded": 8192, "max": 131_072, "tools": True},
    {"id": "tiny-think-1b", "type": "llm", "loaded": 8192, "max": 32_768, "tools": False},
    {"id": "tiny-eyes-2b", "type": "vlm", "loaded": None, "max": 32_768, "tools": False},
    {"id": "text-embedding-small", "type": "embeddings", "loaded": None, "max": 2048, "tools": False},
    *({"id": name, "type": "llm", "loaded": 8192, "max": 8192, "tools": False} for name in FAULTS),
)
NO_SUCH_MODEL: Final = {
    "error": {
        "message": "Model not found",
        "type": "invalid_request_error",
        "param": "model",
        "code": "model_not_found",
    }
}
BAD_KEY: Final = {
    "error": {"type": "invalid_request", "code": "invalid_api_key", "message": "An LM Studio API token is required"}
}
REASONS: Final = {200: "OK", 400: "Bad Request", 401: "Unauthorized", 404: "Not Found"}


@dataclass
class Entry:
    """What one request was and how it ended."""

    path: str
    body: object
    aborted: bool = False
    finished: bool = False
    tokens_sent: int = 0


class Studio:
    """One LM Studio.

    Args:
        api_key: Required as a bearer token if set.
        catalogue: `v1`, `v0` or `openai`: the newest catalogue that it knows, as versions differ.
    """

    def __init__(self, api_key: str | None, catalogue: str) -> None:
        self._api_key = api_key
        self._catalogue = catalogue
        self.log: list[Entry] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection."""
        try:
            while await self._one(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        request, *lines = head.split("\r\n")
        method, path, _ = request.split(" ")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        raw = await reader.readexactly(int(headers.get("content-length", "0")))
        if path == "/__log":
            return _send(writer, [asdict(entry) for entry in self.log])
        if path == "/__reset":
            self.log.clear()
            return _send(writer, {})
        entry = Entry(path, json.loads(raw) if raw else None)
        self.log.append(entry)
        if self._api_key and headers.get("authorization") != f"Bearer {self._api_key}":
            return _send(writer, BAD_KEY, 401)
        if method == "POST" and path == "/v1/chat/completions" and isinstance(entry.body, dict):
            return await self._chat(entry, entry.body, reader, writer)
        return _send(writer, self._get(path))

    def _get(self, path: str) -> object:
        if path == "/v1/models":
            data = [{"id": model["id"], "object": "model", "owned_by": "organization_owner"} for model in MODELS]
            return {"object": "list", "data": data}
        if path == "/api/v0/models" and self._catalogue in {"v0", "v1"}:
            return {"object": "list", "data": [_v0(model) for model in MODELS]}
        if path == "/api/v1/models" and self._catalogue == "v1":
            return {"models": [_v1(model) for model in MODELS]}
        return {"error": f"Unexpected endpoint or method. (GET {path}). Returning 200 anyway"}

    async def _chat(
        self, entry: Entry, body: dict[str, object], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        name = str(body["model"])
        if name not in {model["id"] for model in MODELS} and not name.startswith(("pace-", "fault-")):
            return _send(writer, NO_SUCH_MODEL, 404)
        answer = plan(name, body)
        talk = asyncio.create_task(_talk(entry, answer, writer))
        # One byte, or the end of the connection, while an answer is on its way: the client has left.
        left = asyncio.create_task(reader.read(1))
        await asyncio.wait({talk, left}, return_when=asyncio.FIRST_COMPLETED)
        entry.aborted = not talk.done()
        entry.finished = talk.done()
        for task in (talk, left):
            task.cancel()
        await asyncio.gather(talk, left, return_exceptions=True)
        return False


async def _talk(entry: Entry, answer: Answer, writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(answer.before)
    for piece in answer.pieces:
        await asyncio.sleep(piece.pause)
        writer.write(piece.raw)
        await writer.drain()
        entry.tokens_sent += piece.tokens
    if answer.hang:
        await asyncio.Event().wait()


def _send(writer: asyncio.StreamWriter, document: object, status: int = 200) -> bool:
    raw = json.dumps(document).encode()
    head = (
        f"HTTP/1.1 {status} {REASONS[status]}\r\nContent-Type: application/json\r\nContent-Length: {len(raw)}\r\n\r\n"
    )
    writer.write(head.encode() + raw)
    return True


def _v0(model: dict[str, object]) -> dict[str, object]:
    entry = {
        "id": model["id"],
        "object": "model",
        "type": model["type"],
        "publisher": "acme",
        "arch": "llama",
        "compatibility_type": "gguf",
        "quantization": "Q4_K_M",
        "state": "loaded" if model["loaded"] else "not-loaded",
        "max_context_length": model["max"],
    }
    if model["loaded"]:
        entry["loaded_context_length"] = model["loaded"]
    return entry | ({"capabilities": ["tool_use"]} if model["tools"] else {})


def _v1(model: dict[str, object]) -> dict[str, object]:
    entry: dict[str, object] = {
        "type": "embedding" if model["type"] == "embeddings" else "llm",
        "publisher": "acme",
        "key": model["id"],
        "display_name": str(model["id"]).replace("-", " ").title(),
        "loaded_instances": [],
        "max_context_length": model["max"],
        "format": "gguf",
    }
    if model["loaded"]:
        entry["loaded_instances"] = [{"id": model["id"], "config": {"context_length": model["loaded"], "parallel": 4}}]
    if model["type"] != "embeddings":
        entry["capabilities"] = {"vision": model["type"] == "vlm", "trained_for_tool_use": model["tools"]}
    return entry


async def main() -> None:
    """Serve until killed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=1234)
    parser.add_argument("--api-key")
    parser.add_argument("--catalogue", choices=("v1", "v0", "openai"), default="v1")
    chosen = parser.parse_args()
    studio = Studio(chosen.api_key, chosen.catalogue)
    server = await asyncio.start_server(studio.serve, "127.0.0.1", chosen.port)
    print(f"listening on http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
