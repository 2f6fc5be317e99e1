"""The house's laws that a machine can see: sizes, one place that commits, who owns tasks, what stands in the docs.

Each law keeps a promise: sizes keep files readable in one go, one committer keeps transactions whole, owned tasks keep
endings written once. To break one on purpose, move the wall with a decision record; there is no list of exceptions.
"""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from app.api import openapi
from app.config.settings import Settings
from app.core.errors import MEANINGS, Code
from app.main import create_app

BACKEND = Path(__file__).resolve().parents[2]
ROOT = BACKEND.parent
RECOVERY = {
    "domain/accounts/repository.py",
    "domain/conversations/repository.py",
    "domain/generations/repository.py",
    "domain/memories/repository.py",
    "domain/quotas/repository.py",
    "domain/quotas/service.py",
    "domain/imports/repository.py",
    "domain/imports/service.py",
    "domain/trash/repository.py",
    "services/administration.py",
    "services/chat/service.py",
    "services/importing/service.py",
    "services/keeping.py",
    "services/trash.py",
    "services/importing/writer.py",
    "services/memory/chroma.py",
    "services/memory/meaning.py",
}
FILE_LINES, FUNCTION_LINES = 400, 60
OWN_TASKS = {
    "services/generation/manager.py",
    "services/importing/service.py",
    "main.py",
    "cli.py",
    "providers/registry.py",
    "providers/embedded/memory.py",
    "providers/single_flight.py",
    "api/event_stream.py",
}


def python_files() -> list[Path]:
    folders = (BACKEND / "app", BACKEND / "tests", ROOT / "scripts", ROOT / "bench")
    return sorted(path for folder in folders for path in folder.rglob("*.py"))


def page_files() -> list[Path]:
    source = ROOT / "frontend" / "src"
    found = [path for kind in ("*.ts", "*.tsx", "*.css") for path in source.rglob(kind)]
    return sorted(path for path in found if "generated" not in path.parts)


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)))


def test_no_file_is_longer_than_one_can_hold_in_mind() -> None:
    lengths = {path: len(path.read_text().splitlines()) for path in [*python_files(), *page_files()]}
    assert len(lengths) > 50
    assert {path: lines for path, lines in lengths.items() if lines > FILE_LINES} == {}


def test_no_function_is_longer_than_a_screen() -> None:
    long = {
        f"{path.name}:{node.name}": node.end_lineno - node.lineno + 1
        for path in python_files()
        for node in functions(ast.parse(path.read_text()))
        if node.end_lineno is not None and node.end_lineno - node.lineno + 1 > FUNCTION_LINES
    }
    assert long == {}


def test_every_module_says_what_it_holds() -> None:
    for path in (BACKEND / "app").rglob("*.py"):
        text = path.read_text()
        assert not text or ast.get_docstring(ast.parse(text)), path


def test_every_public_function_of_the_floors_below_the_doors_is_explained() -> None:
    bare = [
        f"{path.relative_to(BACKEND)}:{node.name}"
        for path in (BACKEND / "app").rglob("*.py")
        for node in ast.parse(path.read_text()).body
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert bare == []


@pytest.mark.parametrize(
    ("pattern", "homes"),
    [
        (r"\.commit\(", {"db/session.py"}),
        (r"create_task\(", OWN_TASKS),
        (r"\bos\.environ\b", {"config/load.py"}),
        (r"\bHTTPException\b", {"observability/errors.py"}),
        (r"BaseHTTPMiddleware\(", set()),
        (r"_any_owner\(", RECOVERY),
    ],
)
def test_some_words_have_one_home(pattern: str, homes: set[str]) -> None:
    app = BACKEND / "app"
    found = {str(path.relative_to(app)) for path in app.rglob("*.py") if re.search(pattern, path.read_text())}
    assert found <= homes


def test_nothing_is_imported_inside_a_function() -> None:
    for path in (BACKEND / "app").rglob("*.py"):
        for function in functions(ast.parse(path.read_text())):
            inner = [node for node in ast.walk(function) if isinstance(node, (ast.Import, ast.ImportFrom))]
            assert not inner, f"{path}:{function.name}"


def test_every_code_has_a_meaning() -> None:
    assert set(MEANINGS) == set(Code)
    assert all(meaning.text.endswith(".") and "!" not in meaning.text for meaning in MEANINGS.values())


def test_the_document_in_the_repository_is_the_servers(settings: Settings) -> None:
    kept = json.loads((ROOT / "docs" / "openapi.json").read_text())
    assert kept == json.loads(json.dumps(openapi.document(create_app(settings)))), "run `make client`"


def test_the_readme_names_only_settings_that_exist() -> None:
    known = {
        f"OMNIAI_{field.alias}"
        for group in Settings.model_fields.values()
        if isinstance(group.annotation, type)
        for field in group.annotation.model_fields.values()
    }
    for page in (ROOT / "README.md", ROOT / "docs" / "architecture.md"):
        named = {name.removesuffix("_FILE") for name in re.findall(r"OMNIAI_[A-Z_0-9]+", page.read_text())}
        assert named - known - {"OMNIAI_PYTHON"} == set(), page
