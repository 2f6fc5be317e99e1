"""Writes docs/openapi.json from the running code's routes and the page's API types from it; `--check` compares instead.

Knows where the document lies and who makes it, not what is in it.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from typing import Final

from prepare import ENVIRONMENT, FRONTEND, ROOT

DOCUMENT: Final = ROOT / "docs" / "openapi.json"


def _current() -> bytes:
    """The document as the code stands, made with throw-away settings."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("OMNIAI_")}
    with tempfile.TemporaryDirectory() as folder:
        command = [str(ENVIRONMENT / "bin" / "omniai"), "openapi"]
        return subprocess.run(
            command, env={**environ, "OMNIAI_DATA_DIR": folder}, stdout=subprocess.PIPE, check=True
        ).stdout


def _npm(script: str) -> int:
    return subprocess.run(["npm", "run", "--silent", script], cwd=FRONTEND, check=False).returncode


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    checking = parser.parse_args().check
    try:
        document = _current()
    except subprocess.CalledProcessError as problem:
        print(f"OmniAI: the backend could not write its OpenAPI document (exit {problem.returncode}).", file=sys.stderr)
        return 1
    if not checking:
        DOCUMENT.write_bytes(document)
        return _npm("client")
    if not DOCUMENT.is_file() or DOCUMENT.read_bytes() != document:
        print("OmniAI: docs/openapi.json differs from the routes. Run: make client", file=sys.stderr)
        return 1
    return _npm("client:check")


if __name__ == "__main__":
    sys.exit(main())
