"""A small project tree with the real scripts and stand-ins for the programs they start, each noting its calls."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from app.config.settings import Settings

SCRIPTS = Path(__file__).resolve().parent.parent
# The scripts are no package: they find each other beside them, and so do their tests.
sys.path.insert(0, str(SCRIPTS))


@pytest.fixture
def known_settings() -> set[str]:
    """The names of all settings."""
    return {
        f"OMNIAI_{field.alias}"
        for group in Settings.model_fields.values()
        if isinstance(group.annotation, type)
        for field in group.annotation.model_fields.values()
    }


class Plot:
    """The tree, its programs, and what was called."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.environ = {"PATH": f"{root / 'bin'}:/usr/bin:/bin", "HOME": str(root), "OMNIAI_PYTHON": sys.executable}

    def program(self, path: str, does: str = "") -> None:
        """Make a program that notes its call and then does something."""
        place = self.root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        note = f'echo "{place.name} $*" >> "{self.root / "calls"}"'
        place.write_text(f"#!/bin/sh\n{note}\n{does}\n")
        place.chmod(0o755)

    def write(self, path: str, text: str) -> None:
        """Write a file, making its folder."""
        place = self.root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)

    def run(self, script: str, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
        """Run one of the scripts as the Makefile does."""
        command = ["sh", "scripts/python.sh", f"scripts/{script}.py", *arguments]
        environ = {**self.environ, **environ}
        return subprocess.run(command, cwd=self.root, env=environ, capture_output=True, text=True, check=False)

    def calls(self) -> list[str]:
        """What was called since the last look; questions about a version left out."""
        notes = self.root / "calls"
        said = notes.read_text().splitlines() if notes.exists() else []
        notes.write_text("")
        return [call for call in said if "--version" not in call]


@pytest.fixture
def plot(tmp_path: Path) -> Plot:
    """A tree in which everything can be prepared and every check passes."""
    plot = Plot(tmp_path)
    shutil.copytree(SCRIPTS, tmp_path / "scripts", ignore=shutil.ignore_patterns("__pycache__", "tests"))
    for folder in ("frontend", "frontend/tools/openapi"):
        plot.write(f"{folder}/package.json", "{}")
        plot.write(f"{folder}/package-lock.json", "{}")
    plot.write("frontend/src/main.tsx", "1")
    plot.write("backend/pyproject.toml", "")
    plot.write("backend/uv.lock", "")
    tools = tmp_path / "backend" / ".venv" / "bin"
    make_environment = f'mkdir -p "{tools}" && touch "{tools}/omniai"'
    plot.program("bin/uv", f'[ "$1" = --version ] && echo "uv 0.13.9" || ({make_environment})')
    plot.program("bin/node", "echo v20.19.0")
    plot.program(
        "bin/npm",
        '[ "$1" = ci ] && mkdir -p node_modules; [ "$3" = build ] && mkdir -p dist && touch dist/index.html; true',
    )
    return plot
