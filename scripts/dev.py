"""Runs the reloading backend and Vite side by side; both end when one of them ends, or on Ctrl-C.

Standard library only. Knows neither settings nor ports: both programs read their own.
"""

import signal
import subprocess
import sys
import time
from types import FrameType
from typing import Final

from prepare import ENVIRONMENT, FRONTEND, ROOT

GRACE_SECONDS: Final = 25
PROGRAMS: Final = (
    ((str(ENVIRONMENT / "bin" / "omniai"), "serve", "--reload"), ROOT),
    (("node", "node_modules/vite/bin/vite.js"), FRONTEND),
)


class Stop(Exception):  # somebody asked for it: not an error
    """Ctrl-C or a request to terminate."""


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise Stop


def _wait_for_one(running: list[subprocess.Popen[bytes]]) -> int:
    while True:
        for program in running:
            code = program.poll()
            if code is not None:
                return code
        time.sleep(0.2)


def _end(running: list[subprocess.Popen[bytes]]) -> None:
    for program in running:
        if program.poll() is None:
            program.terminate()
    deadline = time.monotonic() + GRACE_SECONDS
    for program in running:
        try:
            program.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            program.kill()


def main() -> int:
    running: list[subprocess.Popen[bytes]] = []
    signal.signal(signal.SIGINT, _stop)
    signal.signal(signal.SIGTERM, _stop)
    try:
        for command, folder in PROGRAMS:
            running.append(subprocess.Popen(command, cwd=folder))
        return _wait_for_one(running)
    except Stop:
        return 0
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        _end(running)


if __name__ == "__main__":
    sys.exit(main())
