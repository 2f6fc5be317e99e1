"""Makes what the commands stand on, when its inputs changed: uv, the backend's environment, npm packages, the page.

Standard library only, since it runs before anything is installed. Knows nothing of what the commands then do.
"""

import argparse
import compileall
import contextlib
import fcntl
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
BACKEND: Final = ROOT / "backend"
FRONTEND: Final = ROOT / "frontend"
TOOLS: Final = ROOT / ".tools"
ENVIRONMENT: Final = BACKEND / ".venv"
PAGE: Final = FRONTEND / "dist"
STATIC_PAGE: Final = FRONTEND / "dist-static"
NPM_FOLDERS: Final = (FRONTEND, FRONTEND / "tools" / "openapi")

UV_VERSION: Final = "0.13.9"
OLDEST_UV: Final = (0, 9)
OLDEST_NODE: Final = (20, 19)
TEST_GROUPS: Final = frozenset({"dev", "llm"})
EXTRAS: Final = frozenset({"chroma", "embedded"})
ENV_LINE: Final = re.compile(
    r"""^\s*(?:export\s+)?OMNIAI_(\w+)\s*=\s*(?:"(.*?)"|'(.*?)'|(.*?))(?:\s+#.*|\s*)$""", re.MULTILINE
)
NOT_PAGE_SOURCE: Final = frozenset({"node_modules", "dist", "dist-static", "e2e", "test-results", "playwright-report"})


class CannotPrepareError(Exception):
    """What is missing on this machine, in one line for the person who runs the command."""


def backend(groups: frozenset[str]) -> None:
    """Bring `backend/.venv` to the lock file. Groups installed earlier stay, so that `run` does not undo `test`.

    Args:
        groups: Dependency groups, and extras under their own names.
    """
    wanted = {
        "place": str(ROOT),
        "python": f"{sys.executable} {sys.version}",
        "lock": _fingerprint([BACKEND / "uv.lock", BACKEND / "pyproject.toml"]),
        "bytecode": "compiled",
    }
    stamp = ENVIRONMENT / "omniai-stamp.json"
    made = _read(stamp)
    if made and made.get("place") != wanted["place"]:
        shutil.rmtree(ENVIRONMENT)  # its scripts name the folder they were made in
        made = {}
    present = frozenset(made.pop("groups", "").split())
    if made == wanted and groups <= present and (ENVIRONMENT / "bin" / "omniai").exists():
        return
    uv = _uv()
    _say("Installing the backend's packages")
    groups |= present
    options = [option for group in sorted(groups) for option in ("--extra" if group in EXTRAS else "--group", group)]
    stamp.unlink(missing_ok=True)
    # Without bytecode a start compiles eight hundred modules, each time where PYTHONDONTWRITEBYTECODE is set.
    sync = ["sync", "--frozen", "--quiet", "--compile-bytecode", "--python", sys.executable]
    _run([uv, *sync, *options], BACKEND, _uv_environ())
    compileall.compile_dir(BACKEND / "app", quiet=2)
    _write(stamp, {**wanted, "groups": " ".join(sorted(groups))})


def _has_models() -> bool:
    """Whether there is a model that OmniAI would run itself, so that its engine is needed."""
    data_dir = ROOT / Path(_setting("DATA_DIR") or "data").expanduser()
    named = filter(None, map(str.strip, _setting("EMBEDDED_MODELS").split(",")))
    places = [data_dir / "models", *(ROOT / Path(place).expanduser() for place in named)]
    files = (path for place in places for path in (place, *place.glob("*")))
    return any(path.suffix.lower() == ".gguf" and path.is_file() for path in files)


def _extras() -> frozenset[str]:
    """What the settings ask for beyond the server itself."""
    wanted = {"embedded": _has_models(), "chroma": _setting("MEMORY_STORE").strip() == "chroma"}
    return frozenset(name for name in EXTRAS if wanted[name])


def _setting(name: str) -> str:
    """A setting as the server will read it: from the environment, else from `.env`."""
    try:
        lines = ENV_LINE.findall((ROOT / ".env").read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        lines = []
    written = {key: double or single or plain for key, double, single, plain in lines}
    return os.environ.get(f"OMNIAI_{name}") or written.get(name, "")


def packages() -> None:
    """Install the npm packages of the page and of its tools, as the lock files name them."""
    for folder in NPM_FOLDERS:
        _install(folder)


def page() -> None:
    """Build the page when its sources differ, by content, from those of the last build."""
    _install(FRONTEND)
    sources = [path for path in _files(FRONTEND) if path.suffix != ".tsbuildinfo"]
    wanted = {"node": _node_version(), "sources": _fingerprint(sources)}
    stamp = FRONTEND / "node_modules" / ".omniai-page.json"
    if _read(stamp) == wanted and (PAGE / "index.html").is_file():
        return
    _say("Building the page")
    stamp.unlink(missing_ok=True)
    _run([_program("npm"), "run", "--silent", "build"], FRONTEND, os.environ, quiet=True)
    _write(stamp, wanted)


def static_page() -> None:
    """Build the page for a host of static files, for the one backend that `BACKEND` names."""
    backend = os.environ.get("BACKEND", "").strip()
    if not backend.startswith("https://"):
        raise CannotPrepareError("name the backend: BACKEND=https://chat.example.org make static-page")
    _install(FRONTEND)
    _say(f"Building the page for {backend}")
    environ = {**os.environ, "OMNIAI_PAGE_BACKEND": backend}
    build = ["run", "--silent", "build", "--", "--outDir", STATIC_PAGE.name, "--emptyOutDir"]
    _run([_program("npm"), *build], FRONTEND, environ, quiet=True)
    _say(f"The page is in {STATIC_PAGE.relative_to(ROOT)}")


def _install(folder: Path) -> None:
    lock = folder / "package-lock.json"
    wanted = {"node": _node_version(), "lock": _fingerprint([folder / "package.json", lock])}
    stamp = folder / "node_modules" / ".omniai-stamp.json"
    if _read(stamp) == wanted:
        return
    _say(f"Installing the npm packages of {folder.relative_to(ROOT)}")
    _run([_program("npm"), "ci", "--no-audit", "--no-fund", "--loglevel=error"], folder, os.environ, quiet=True)
    _write(stamp, wanted)


def _uv() -> str:
    """Find uv on the PATH, else install it beside the project."""
    found = shutil.which("uv")
    if found and _version([found, "--version"]) >= OLDEST_UV:
        return found
    own = TOOLS / "uv" / "bin" / "uv"
    if own.is_file() and _version([str(own), "--version"]) == tuple(map(int, UV_VERSION.split("."))):
        return str(own)
    _say("Installing uv, which installs the rest")
    try:
        venv.create(TOOLS / "uv", clear=True, with_pip=True)
    except (OSError, subprocess.CalledProcessError):
        raise CannotPrepareError(
            "this Python cannot make virtual environments. Install uv, or on Debian: apt-get install python3-venv"
        ) from None
    python = TOOLS / "uv" / "bin" / "python"
    _run([str(python), "-m", "pip", "install", "-qq", f"uv=={UV_VERSION}"], ROOT, os.environ)
    return str(own)


def _uv_environ() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in {"VIRTUAL_ENV", "UV_PYTHON"}}
    return {**kept, "UV_PYTHON_DOWNLOADS": "never", "UV_PROJECT_ENVIRONMENT": str(ENVIRONMENT)}


def _node_version() -> str:
    version = _version([_program("node"), "--version"])
    if version < OLDEST_NODE:
        oldest = ".".join(map(str, OLDEST_NODE))
        raise CannotPrepareError(f"Node {oldest} or newer is needed; the one on the PATH is older")
    return ".".join(map(str, version))


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise CannotPrepareError(f"{name} was not found. Install Node, which brings npm")
    return found


def _version(command: list[str]) -> tuple[int, ...]:
    answer = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    numbers = re.search(r"(\d+)\.(\d+)\.(\d+)", answer)
    return tuple(map(int, numbers.groups())) if numbers else ()


def _files(folder: Path) -> Iterator[Path]:
    for here, folders, names in folder.walk():
        folders[:] = [name for name in folders if name not in NOT_PAGE_SOURCE]
        yield from (here / name for name in names)


def _fingerprint(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _read(stamp: Path) -> dict[str, str]:
    try:
        return {str(name): str(value) for name, value in json.loads(stamp.read_text()).items()}
    except (OSError, ValueError, AttributeError):
        return {}


def _write(stamp: Path, value: dict[str, str]) -> None:
    stamp.parent.mkdir(exist_ok=True)  # npm makes no folder for a package without dependencies
    stamp.write_text(json.dumps(value, indent=2) + "\n")


def _say(what: str) -> None:
    print(f"OmniAI: {what} …", flush=True)


def _run(command: list[str], folder: Path, environ: Mapping[str, str], *, quiet: bool = False) -> None:
    """Run one step; a quiet one shows what it said only when it fails."""
    done = subprocess.run(command, cwd=folder, env=environ, capture_output=quiet, text=True, check=False)
    if done.returncode == 0:
        return
    if quiet:
        sys.stderr.write(done.stdout + done.stderr)
    raise CannotPrepareError(f"{Path(command[0]).name} {command[1]} failed in {folder.relative_to(ROOT.parent)}")


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Let one set-up at a time touch the tree: a second `make run` waits for the first."""
    TOOLS.mkdir(exist_ok=True)
    with (TOOLS / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _say("Waiting for another set-up of this folder to end")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


STEPS: Final = {
    "backend": lambda: backend(_extras()),
    "backend-tests": lambda: backend(TEST_GROUPS),
    "packages": packages,
    "page": page,
    "static-page": static_page,
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("steps", nargs="+", choices=STEPS)
    try:
        with _alone():
            for step in parser.parse_args().steps:
                STEPS[step]()
    except CannotPrepareError as problem:
        print(f"OmniAI: {problem}.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
