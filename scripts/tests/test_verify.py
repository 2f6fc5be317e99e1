"""Stages stop at the first failure, the backend's tests come last, and what could not run is said and fails in CI."""

import pytest
from conftest import Plot

TOOLS = ("ruff", "lint-imports", "mypy", "python")


@pytest.fixture
def verified(plot: Plot) -> Plot:
    """The tree, prepared, on a machine with a browser."""
    for tool in TOOLS:
        plot.program(f"backend/.venv/bin/{tool}")
    plot.program("backend/.venv/bin/omniai", "echo '{}'")
    plot.write("docs/openapi.json", "{}\n")
    plot.program("bin/chromium")
    return plot


def test_the_backends_tests_come_last(verified: Plot) -> None:
    done = verified.run("verify", "test")
    assert done.returncode == 0, done.stderr
    calls = verified.calls()
    assert calls[-1] == "python -m pytest --cov"
    assert "npm run --silent e2e" in calls


def test_nothing_runs_after_a_failure_and_it_is_named(verified: Plot) -> None:
    verified.program("backend/.venv/bin/mypy", "exit 3")
    failed = verified.run("verify", "test")
    assert failed.returncode == 1
    assert 'FAILED at "backend: types"' in failed.stderr
    assert "Not run after it: " in failed.stderr
    assert verified.calls()[-1].startswith("mypy")


@pytest.mark.parametrize(("ci", "code"), [("", 0), ("true", 1)])
def test_a_missing_browser_is_said_at_the_end_and_fails_in_ci(verified: Plot, ci: str, code: int) -> None:
    done = verified.run("verify", "test", CI=ci, PLAYWRIGHT_CHROMIUM="/nowhere/chromium")
    assert done.returncode == code
    assert "Not run: page: tests in a browser: PLAYWRIGHT_CHROMIUM" in done.stderr.splitlines()[-1]
    calls = verified.calls()
    assert "python -m pytest --cov" in calls
    assert "npm run --silent e2e" not in calls


def test_settings_of_the_caller_do_not_reach_the_tests(verified: Plot) -> None:
    verified.program("backend/.venv/bin/mypy", '[ -z "$OMNIAI_PORT" ]')
    assert verified.run("verify", "check", OMNIAI_PORT="9").returncode == 0


def test_a_document_that_differs_from_the_routes_fails(verified: Plot) -> None:
    verified.write("docs/openapi.json", '{"old": true}\n')
    failed = verified.run("verify", "check")
    assert failed.returncode == 1
    assert "make client" in failed.stderr
