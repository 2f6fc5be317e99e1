"""Set-up does what is needed once, again when an input's content changed, and says in one line what is missing."""

import os

import pytest
from conftest import Plot


def test_a_second_set_up_starts_nothing(plot: Plot) -> None:
    assert plot.run("prepare", "backend", "page").returncode == 0
    assert [call.split()[0:2] for call in plot.calls()] == [
        ["uv", "sync"],
        ["npm", "ci"],
        ["npm", "run"],
    ]
    assert plot.run("prepare", "backend", "page").stdout == ""
    assert plot.calls() == []


def test_the_page_is_built_again_when_its_content_changed_and_not_its_times(plot: Plot) -> None:
    plot.run("prepare", "page")
    plot.calls()
    os.utime(plot.root / "frontend/src/main.tsx", (1, 1))
    plot.write("frontend/e2e/chat.spec.ts", "a test is not part of the page")
    plot.run("prepare", "page")
    assert plot.calls() == []
    plot.write("frontend/src/main.tsx", "2")
    plot.run("prepare", "page")
    assert plot.calls() == ["npm run --silent build"]


def test_a_build_that_failed_is_tried_again_and_shows_why(plot: Plot) -> None:
    plot.run("prepare", "page")
    plot.program("bin/npm", "echo broken; exit 1")
    plot.write("frontend/src/main.tsx", "2")
    failed = plot.run("prepare", "page")
    assert failed.returncode == 1
    assert "broken" in failed.stderr
    plot.write("frontend/src/main.tsx", "1")
    plot.calls()
    plot.run("prepare", "page")
    assert plot.calls() == ["npm run --silent build"]


def test_running_keeps_the_packages_of_the_tests(plot: Plot) -> None:
    plot.run("prepare", "backend-tests")
    plot.calls()
    plot.run("prepare", "backend")
    assert plot.calls() == []
    plot.write("backend/uv.lock", "changed")
    plot.run("prepare", "backend")
    [call] = plot.calls()
    assert call.endswith("--group dev --group llm")


@pytest.mark.parametrize(
    ("file", "dotenv", "environ"),
    [
        ("data/models/tiny.gguf", "", {}),
        ("data/models/TINY.GGUF", "", {}),
        ("data-2/models/tiny.gguf", "", {"OMNIAI_DATA_DIR": "./data-2"}),
        ("data-2/models/tiny.gguf", "OMNIAI_PORT=9000\nOMNIAI_DATA_DIR='data-2' # mine\n", {}),
        ("data-2/models/tiny.gguf", "export OMNIAI_DATA_DIR = nowhere", {"OMNIAI_DATA_DIR": "data-2"}),
        ("else where/tiny.gguf", 'OMNIAI_EMBEDDED_MODELS="nowhere, else where"', {}),
        ("elsewhere/tiny.gguf", "", {"OMNIAI_EMBEDDED_MODELS": "~/elsewhere/tiny.gguf"}),
    ],
)
def test_the_engine_comes_with_the_first_model(plot: Plot, file: str, dotenv: str, environ: dict[str, str]) -> None:
    plot.write(".env", dotenv)
    plot.run("prepare", "backend", **environ)
    assert "--extra" not in plot.calls()[0]
    plot.write(file, "")
    plot.run("prepare", "backend", **environ)
    [call] = plot.calls()
    assert call.endswith("--extra embedded")
    assert plot.run("prepare", "backend", **environ).stdout == ""


@pytest.mark.parametrize("file", ["data/models/notes.txt", "data/tiny.gguf", "data-2/models/tiny.gguf"])
def test_without_a_model_there_is_no_engine(plot: Plot, file: str) -> None:
    plot.write(file, "")
    (plot.root / "data/models/folder.gguf").mkdir(parents=True)
    plot.run("prepare", "backend")
    assert "--extra" not in plot.calls()[0]


def test_an_engine_that_is_installed_stays(plot: Plot) -> None:
    plot.write("data/models/tiny.gguf", "")
    plot.run("prepare", "backend")
    (plot.root / "data/models/tiny.gguf").unlink()
    plot.calls()
    plot.run("prepare", "backend")
    assert plot.calls() == []
    plot.run("prepare", "backend-tests")
    [call] = plot.calls()
    assert call.endswith("--group dev --extra embedded --group llm")


def test_a_tree_that_was_moved_gets_a_new_environment(plot: Plot) -> None:
    plot.run("prepare", "backend")
    stamp = plot.root / "backend/.venv/omniai-stamp.json"
    stamp.write_text(stamp.read_text().replace(str(plot.root), "/elsewhere"))
    plot.write("backend/.venv/bin/old", "")
    plot.run("prepare", "backend")
    assert not (plot.root / "backend/.venv/bin/old").exists()


def test_an_old_node_is_one_line(plot: Plot) -> None:
    plot.program("bin/node", "echo v20.18.3")
    refused = plot.run("prepare", "packages")
    assert refused.returncode == 1
    assert refused.stderr.count("\n") == 1
    assert "Node 20.19" in refused.stderr


def test_a_python_that_is_none_is_one_line(plot: Plot) -> None:
    refused = plot.run("prepare", "backend", OMNIAI_PYTHON="/bin/false")
    assert refused.returncode == 1
    assert refused.stderr == "OmniAI: OMNIAI_PYTHON does not name a Python 3.12 or newer.\n"
