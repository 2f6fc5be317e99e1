"""A real llama.cpp server in a process of its own, with a tiny model written on the spot, or a real embedding model.

python -m tests.peers.llama --model stop|long|think|facts [--port 0]
python -m tests.peers.llama --embedding FILE.gguf [--port 0]
"""

import signal
import tempfile
from pathlib import Path

import xllamacpp

from tests.peers.gguf_writer import MODELS, write
from tests.peers.wire import announce, arguments

SLOTS = 4


def main() -> None:
    """Serve until told to stop."""
    parser = arguments("llama.cpp with a tiny scripted model.")
    parser.add_argument("--model", choices=sorted(MODELS), default="stop")
    parser.add_argument("--embedding", type=Path)
    given = parser.parse_args()
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
    with tempfile.TemporaryDirectory() as folder:
        path: Path = given.embedding or Path(folder) / f"tiny-{given.model}.gguf"
        if given.embedding is None:
            write(path, MODELS[given.model])
        embeds = given.embedding is not None or given.model == "facts"
        server = xllamacpp.Server(_parameters(path, given.port, embeds=embeds))
        announce(server.listening_address)
        signal.sigwait({signal.SIGTERM, signal.SIGINT})
        del server


def _parameters(path: Path, port: int, *, embeds: bool) -> xllamacpp.CommonParams:
    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(path)
    parameters.model_alias = {path.stem}
    parameters.verbosity = 0
    parameters.hostnames = ["127.0.0.1"]
    parameters.port = port
    parameters.n_ctx = 4_096
    parameters.n_parallel = SLOTS
    parameters.use_jinja = True
    parameters.cpuparams.n_threads = 1
    parameters.endpoint_slots = True
    if embeds:
        parameters.embedding = True
        parameters.pooling_type = xllamacpp.llama_pooling_type.LLAMA_POOLING_TYPE_MEAN
    parameters.sampling.temp = 0.0  # the script is the greedy answer
    return parameters


if __name__ == "__main__":
    main()
