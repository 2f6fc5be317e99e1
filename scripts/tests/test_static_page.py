"""The page for a host of static files knows its one backend, is let out to no other, and is the same each time."""

import hashlib
import os
import subprocess
import sys
from html import unescape
from pathlib import Path

import pytest

from prepare import ROOT, STATIC_PAGE

BACKEND = "https://chat.example.org/omniai/"
MANY = 20


def build(backend: str) -> subprocess.CompletedProcess[str]:
    """Run the command."""
    command = [sys.executable, "scripts/prepare.py", "static-page"]
    environ = {**os.environ, "BACKEND": backend}
    return subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)


def digests() -> dict[str, str]:
    """Every file of the build, by its content."""
    files = (path for path in STATIC_PAGE.rglob("*") if path.is_file())
    return {str(path.relative_to(STATIC_PAGE)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_two_builds_are_equal_byte_for_byte_and_know_one_backend() -> None:
    assert build(BACKEND).returncode == 0
    first = digests()
    assert build(BACKEND).returncode == 0
    assert digests() == first
    assert len(first) > MANY
    page = unescape((STATIC_PAGE / "index.html").read_text(encoding="utf-8"))
    assert "connect-src 'self' https://chat.example.org; " in page
    config = (STATIC_PAGE / "runtime-config.json").read_text(encoding="utf-8")
    assert config == '{"apiBaseUrl":"https://chat.example.org/omniai"}\n'


@pytest.mark.parametrize("backend", ["", "http://chat.example.org", "chat.example.org"])
def test_what_is_no_address_is_told_in_one_line(backend: str) -> None:
    done = build(backend)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "OmniAI: name the backend: BACKEND=https://chat.example.org make static-page.\n"


@pytest.mark.parametrize("backend", ["https://me:secret@chat.example.org", "https://chat.example.org/?x=1"])
def test_an_address_with_more_than_an_address_is_refused(backend: str) -> None:
    done = build(backend)
    assert done.returncode == 1
    assert "must be an address alone that begins with https://" in done.stderr


def test_the_workflow_builds_it_with_this_command() -> None:
    workflow = (Path(ROOT) / ".github" / "workflows" / "pages.yml").read_text(encoding="utf-8")
    assert "make static-page" in workflow
    assert f"path: {STATIC_PAGE.relative_to(ROOT)}" in workflow
