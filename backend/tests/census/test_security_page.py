"""The page on security names a proof for each gate, and every proof that it names is there."""

import re
from pathlib import Path

from app.api import openapi
from app.config.settings import Settings
from app.main import create_app

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "security.md").read_text()
GATES = re.findall(r"^\| (\d+) [^|]+\|[^|]+\| (.+) \|$", PAGE, re.MULTILINE)


def test_each_of_the_twelve_gates_has_a_proof() -> None:
    assert [int(number) for number, _ in GATES] == list(range(1, 13))
    assert all(re.search(r"`[^`]+`", proof) for _, proof in GATES)


def test_every_file_that_the_page_names_is_there() -> None:
    named = set(re.findall(r"`((?:backend|frontend|bench)/[^`]+)`", PAGE))
    assert len(named) > 12
    assert {name for name in named if not (ROOT / name).is_file()} == set()
    inside = set(re.findall(r"`((?:api|auth|core)/\w+\.py)`", PAGE))
    assert {name for name in inside if not (ROOT / "backend" / "app" / name).is_file()} == set()


def test_one_door_takes_a_file(settings: Settings) -> None:
    kinds: dict[str, set[str]] = {}
    for path, item in openapi.document(create_app(settings))["paths"].items():
        for operation in item.values():
            kinds.setdefault(path, set()).update(operation.get("requestBody", {}).get("content", {}))
    assert {path for path, taken in kinds.items() if not taken <= {"application/json"}} == {"/import"}
    assert kinds["/import"] == {"multipart/form-data"}
