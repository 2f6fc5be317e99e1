"""The program of the child process: llama.cpp's server with one model, for as long as its parent holds its stdin open.

Started by its path in a Python of its own, it imports nothing of OmniAI's. Its order is a line of JSON on stdin, its
answer one on stdout.
"""

import ctypes
import json
import os
import resource
import signal
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import xllamacpp

PR_SET_PDEATHSIG: Final = 1
NICENESS: Final = 5
PROMPT_CACHE_MIB: Final = 512
ERRORS_ONLY: Final = 1
"""llama.cpp's verbosity. Its other lines may quote prompts."""


def main() -> None:
    """Load, tell the port or the failure, and serve until stdin ends."""
    _submit()
    order: dict[str, Any] = json.loads(sys.stdin.buffer.readline())
    answers = os.dup(1)
    with tempfile.TemporaryFile() as said:
        _speak_to(said.fileno())
        try:
            server = xllamacpp.Server(_parameters(order))
            answer: dict[str, object] = {"port": int(server.listening_address.rpartition(":")[2])}
        except (RuntimeError, ValueError, MemoryError):
            said.seek(0)
            answer = {"failure": _reason(said.read().decode(errors="replace"))}
    with Path(os.devnull).open("wb") as nowhere:
        _speak_to(nowhere.fileno())
    os.write(answers, json.dumps(answer).encode() + b"\n")
    sys.stdin.buffer.read()
    os._exit(0)  # there is nothing to tidy up, and llama.cpp would wait for its answers


def _submit() -> None:
    """Let OmniAI decide when this process ends, and the system take it rather than OmniAI when something is short."""
    for sent_to_the_whole_group in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(sent_to_the_whole_group, signal.SIG_IGN)
    if sys.platform == "linux":
        # While a model loads no thread of Python's runs, so that nothing here would notice the end of stdin.
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        with suppress(OSError):
            Path("/proc/self/oom_score_adj").write_text("500")
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a dump would hold what people asked
    os.nice(NICENESS)


def _speak_to(file: int) -> None:
    os.dup2(file, 1)
    os.dup2(file, 2)


def _parameters(order: dict[str, Any]) -> xllamacpp.CommonParams:
    parameters = xllamacpp.CommonParams()
    parameters.model.path = order["path"]
    parameters.model_alias = {order["name"]}
    parameters.api_keys = [order["key"]]
    parameters.hostnames = ["127.0.0.1"]
    parameters.port = 0
    parameters.n_parallel = order["slots"]
    parameters.n_ctx = order["window"] * order["slots"]  # llama.cpp shares it out among the slots
    parameters.cpuparams.n_threads = order["threads"] or os.cpu_count() or 1
    parameters.embedding = order["embedding"]
    parameters.cache_ram_mib = PROMPT_CACHE_MIB
    parameters.verbosity = ERRORS_ONLY
    parameters.use_jinja = True
    parameters.endpoint_slots = False
    parameters.offline = True
    parameters.ui = False
    return parameters


def _reason(said: str) -> str:
    """The first thing that llama.cpp complained about; the rest only follows from it."""
    return next(iter(said.splitlines()), "llama.cpp does not say why")[-300:]


if __name__ == "__main__":
    main()
