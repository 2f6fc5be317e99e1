"""The container: its image is built and run without an engine, and what starts it lets it do nothing but serve."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml  # type: ignore[import-untyped]  # comes with schemathesis, without types

from dockerfile import Copy, read
from prepare import ENVIRONMENT, OLDEST_NODE, ROOT, UV_VERSION

FOLDER = ROOT / "deploy" / "docker"
DOCKERFILE = FOLDER / "Dockerfile"
COMPOSE = FOLDER / "compose.yml"
TUNNEL = FOLDER / "compose.tunnel.yml"


def _why_not() -> str | None:
    """Why no image can be rehearsed here; None where one can."""
    if os.geteuid() != 0:
        return "only root can make the image's root"
    spaces = ["unshare", "--mount", "--pid", "--fork", "true"]
    if shutil.which("unshare") is None or subprocess.run(spaces, check=False).returncode != 0:
        return "this machine gives no namespaces"
    return None


def test_the_image_is_built_and_serves() -> None:
    if (reason := _why_not()) is not None:
        pytest.skip(reason)
    python = Path(sys.executable).resolve()
    done = subprocess.run([python, ROOT / "scripts" / "rehearse_image.py"], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "ended in order" in done.stdout


@pytest.mark.parametrize("file", [COMPOSE, TUNNEL])
def test_a_compose_file_keeps_to_its_schema(file: Path) -> None:
    command = [str(ENVIRONMENT / "bin" / "check-jsonschema"), "--builtin-schema", "vendor.compose-spec", str(file)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_no_service_may_do_more_than_it_must() -> None:
    services = {**_services(COMPOSE), "ngrok": _services(TUNNEL)["ngrok"]}
    for name, service in services.items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
    assert services["omniai"]["ports"] == ["127.0.0.1:8787:8787"]
    assert "ports" not in services["ngrok"]


def test_it_is_made_of_the_versions_that_the_project_is_made_of() -> None:
    page, backend, image = read(DOCKERFILE)
    python = (ROOT / ".python-version").read_text(encoding="utf-8").strip()
    assert backend.base == image.base == f"python:{python}-slim-bookworm"
    assert page.base.startswith(f"node:{OLDEST_NODE[0]}-")
    assert f"uv=={UV_VERSION}" in DOCKERFILE.read_text(encoding="utf-8")
    assert image.user != "root"
    assert not [step for step in image.steps if isinstance(step.act, Copy) and step.act.source is None]


def test_it_names_settings_that_exist(known_settings: set[str]) -> None:
    files = (DOCKERFILE, COMPOSE, TUNNEL, ROOT / "docs" / "container.md")
    named = {name for file in files for name in re.findall(r"OMNIAI_[A-Z_]+", file.read_text(encoding="utf-8"))}
    assert named
    assert {name.removesuffix("_FILE") for name in named} - known_settings == {"OMNIAI_DOMAIN"}


def _services(file: Path) -> dict[str, dict[str, object]]:
    found = yaml.safe_load(file.read_text(encoding="utf-8"))["services"]
    return {name: dict(service) for name, service in found.items()}
