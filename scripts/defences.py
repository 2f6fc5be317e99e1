"""Switches the server's defences off, one line at a time, and shows which test notices each.

Works on a copy of the backend in a temporary folder; the checkout is never changed. Knows lines, not what they mean.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from prepare import BACKEND, ENVIRONMENT, ROOT

LIST: Final = Path(__file__).with_name("defences.toml")
COPIED: Final = ("app", "migrations", "tests", "pyproject.toml", ".importlinter")
TIMEOUT_SECONDS: Final = 300


@dataclass(frozen=True)
class Defence:
    """One control.

    Attributes:
        name: What it keeps out.
        file: Below `backend/`.
        line: Text of the line, which stands there once.
        off: What it becomes.
        tests: Which should notice, as pytest names them.
    """

    name: str
    file: str
    line: str
    off: str
    tests: tuple[str, ...]


def read_list() -> list[Defence]:
    """The defences that are listed."""
    items = tomllib.loads(LIST.read_text(encoding="utf-8"))["defence"]
    return [Defence(tests=tuple(item.pop("tests")), **item) for item in items]


def switched_off(defence: Defence, source: str) -> str:
    """A source without the defence.

    Raises:
        ValueError: The line does not stand there exactly once.
    """
    if source.count(defence.line) != 1:
        raise ValueError(f"{defence.name}: {defence.file} does not hold {defence.line!r} exactly once")
    return source.replace(defence.line, defence.off)


def noticed(defence: Defence) -> str | None:
    """Run the tests without the defence.

    Returns:
        The first test that failed, None when all passed.
    """
    with tempfile.TemporaryDirectory(prefix="omniai-defence-") as folder:
        plot = Path(folder)
        backend = plot / "backend"
        backend.mkdir()
        for name in COPIED:
            source = BACKEND / name
            copy = shutil.copytree if source.is_dir() else shutil.copy2
            copy(source, backend / name)
        for name in ("docs", "README.md"):
            (plot / name).symlink_to(ROOT / name)
        target = backend / defence.file
        target.write_text(switched_off(defence, target.read_text(encoding="utf-8")), encoding="utf-8")
        command = [
            str(ENVIRONMENT / "bin" / "python"),
            "-m",
            "pytest",
            "-x",
            "-q",
            "--no-header",
            "-p",
            "no:cacheprovider",
        ]
        environ = {name: value for name, value in os.environ.items() if not name.startswith("OMNIAI_")}
        try:
            run = subprocess.run(
                [*command, *defence.tests],
                cwd=backend,
                env=environ,
                check=False,
                capture_output=True,
                text=True,
                timeout=TIMEOUT_SECONDS,
                stdin=subprocess.DEVNULL,
            )
        except subprocess.TimeoutExpired:
            return "the tests did not end in time"
        if run.returncode == 0:
            return None
        failed = [line for line in run.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
        return failed[0].split(" - ")[0] if failed else f"exit {run.returncode}: {run.stdout[-300:]}{run.stderr[-300:]}"


def main() -> None:
    """Try every defence, or those whose name holds a word; exits with 1 when one is missed by nobody."""
    parser = argparse.ArgumentParser(description="Switch defences off and see that a test notices.")
    parser.add_argument("word", nargs="?", default="", help="only those whose name holds it")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    chosen = parser.parse_args()
    defences = [defence for defence in read_list() if chosen.word in defence.name]
    begun, survivors = time.monotonic(), []
    with ThreadPoolExecutor(chosen.jobs) as pool:
        for defence, found in zip(defences, pool.map(noticed, defences), strict=True):
            print(f"{'noticed ' if found else 'SURVIVED'}  {defence.name}: {found or defence.line.strip()}", flush=True)
            survivors += [] if found else [defence.name]
    seconds = time.monotonic() - begun
    print(f"\n{len(defences) - len(survivors)} of {len(defences)} defences were missed by a test, in {seconds:.0f} s.")
    if survivors:
        sys.exit("Nobody missed: " + "; ".join(survivors))


if __name__ == "__main__":
    main()
