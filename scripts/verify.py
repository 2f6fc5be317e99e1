"""Runs the project's checks and tests stage by stage, stopping at the first that fails, and lists what could not run.

Standard library only. Knows which commands there are and in what order, not what they examine.
"""

import argparse
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from browser import BrowserMissingError, find_or_install
from prepare import BACKEND, ENVIRONMENT, FRONTEND, ROOT

BIN: Final = ENVIRONMENT / "bin"
PLOT_PYTHON: Final = tuple(
    sorted(str(path.relative_to(ROOT)) for folder in ("scripts", "bench") for path in (ROOT / folder).rglob("*.py"))
)


@dataclass(frozen=True)
class Stage:
    """One command of the list, and the folder it runs in."""

    name: str
    folder: Path
    command: tuple[str, ...]


def _npm(name: str, script: str) -> Stage:
    return Stage(f"page: {name}", FRONTEND, ("npm", "run", "--silent", script))


def _tool(name: str, *command: str, folder: Path = BACKEND) -> Stage:
    return Stage(name, folder, (str(BIN / command[0]), *command[1:]))


CHECK: Final = (
    _tool("backend: format", "ruff", "format", "--check", "--quiet", "."),
    _tool("backend: lint", "ruff", "check", "--quiet", "."),
    _tool("backend: import contracts", "lint-imports"),
    _tool("backend: types", "mypy"),
    _tool("plot: format", "ruff", "format", "--check", "--quiet", *PLOT_PYTHON, folder=ROOT),
    _tool("plot: lint", "ruff", "check", "--quiet", *PLOT_PYTHON, folder=ROOT),
    _tool("plot: types", "mypy", "--strict", *PLOT_PYTHON, folder=ROOT),
    _npm("format", "format:check"),
    _npm("lint", "lint"),
    _npm("types", "typecheck"),
    _npm("boundaries", "boundaries"),
    Stage("wire: document and client", ROOT, (sys.executable, "scripts/client.py", "--check")),
)
PLOT: Final = _tool(
    "plot: tests",
    "python",
    "-m",
    "pytest",
    "-q",
    "-rs",
    "-p",
    "no:cacheprovider",
    "-p",
    "no:asyncio",
    "scripts",
    folder=ROOT,
)
UNIT: Final = _npm("unit tests", "test")
BROWSER: Final = _npm("tests in a browser", "e2e")
BUILD: Final = Stage("page: build", ROOT, (sys.executable, "scripts/prepare.py", "page"))
FORMAT: Final = (
    _tool("backend: format", "ruff", "format", "."),
    _tool("backend: mend", "ruff", "check", "--fix", "--quiet", "."),
    _tool("plot: format", "ruff", "format", *PLOT_PYTHON, folder=ROOT),
    _npm("format", "format"),
)
# Last, so that its summary line closes the output.
SUITE: Final = _tool("backend: tests", "python", "-m", "pytest", "--cov")
LLAMA: Final = _tool("backend: tests against llama.cpp", "python", "-m", "pytest", "-m", "llm")


def _environ() -> dict[str, str]:
    """The caller's environment without settings of OmniAI: a test must not depend on how somebody runs it."""
    return {name: value for name, value in os.environ.items() if not name.startswith("OMNIAI_")}


def _passes(stage: Stage, environ: dict[str, str]) -> bool:
    print(f"\n── {stage.name}", flush=True)
    begun = time.monotonic()
    code = subprocess.run(
        stage.command, cwd=stage.folder, env=environ, check=False, stdin=subprocess.DEVNULL
    ).returncode
    if code != 0:
        print(f'\nFAILED at "{stage.name}" after {time.monotonic() - begun:.1f} s (exit {code}).', file=sys.stderr)
    return code == 0


def _passes_all(stages: tuple[Stage, ...], environ: dict[str, str]) -> bool:
    for position, stage in enumerate(stages):
        if not _passes(stage, environ):
            rest = ", ".join(later.name for later in stages[position + 1 :])
            if rest:
                print(f"Not run after it: {rest}.", file=sys.stderr)
            return False
    return True


def check() -> bool:
    return _passes_all(CHECK, _environ())


def mend() -> bool:
    return _passes_all(FORMAT, _environ())


def llama() -> bool:
    return _passes_all((LLAMA,), _environ())


def test() -> bool:
    """Everything, the quickest first. What this machine cannot run is named at the end, and fails where CI is set."""
    environ = _environ()
    missing = {}
    stages = [*CHECK, PLOT, UNIT, BUILD, BROWSER, SUITE]
    try:
        environ["PLAYWRIGHT_CHROMIUM"] = find_or_install()
    except BrowserMissingError as problem:
        missing[BROWSER.name] = str(problem)
        stages.remove(BROWSER)
    passed = _passes_all(tuple(stages), environ)
    for name, why in missing.items():
        print(f"\nNot run: {name}: {why}.", file=sys.stderr)
    return passed and not (missing and os.environ.get("CI", "").lower() in {"1", "true"})


COMMANDS: Final = {"check": check, "test": test, "llama": llama, "format": mend}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("command", choices=COMMANDS)
    try:
        return 0 if COMMANDS[parser.parse_args().command]() else 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
