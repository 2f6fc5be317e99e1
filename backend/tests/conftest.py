"""Fixtures every test may use, and the rule that a skip is a failure where nobody watches."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from app.config.load import load
from app.config.settings import Settings
from app.db.migrate import migrate
from app.observability import logging
from app.wiring import engine_of

from tests.client import Api, Person, running_app

BOOTSTRAP = "bootstrap-token-of-the-tests-0123456789"


def settings_for(folder: Path, **names: str) -> Settings:
    """Settings of a fresh installation in a folder, named as in the environment without the prefix."""
    given = {"BOOTSTRAP_TOKEN": BOOTSTRAP, "ARGON2_MEMORY_KIB": "1024", "DATA_DIR": str(folder / "data"), **names}
    given.setdefault("RATE_LIMIT_ENABLED", "false")
    given.setdefault("LMSTUDIO_BASE_URL", "http://127.0.0.1:9/v1")
    environ = {f"OMNIAI_{name}": value for name, value in given.items()}
    return load(environ, folder).settings


logging.configure("error")


def migrated(settings: Settings) -> Settings:
    """Bring an installation's database to the newest schema."""
    engine = engine_of(settings)
    migrate(engine)
    engine.dispose()
    return settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A fresh, migrated installation in development, without a model server."""
    return migrated(settings_for(tmp_path))


@pytest.fixture
async def api(settings: Settings) -> AsyncIterator[Api]:
    """The application with its lifespan, driven over ASGI."""
    async with running_app(settings) as running:
        yield running


@pytest.fixture
async def owner(api: Api) -> Person:
    """The first admin."""
    return await api.bootstrap()


@pytest.fixture
async def member(api: Api, owner: Person) -> Person:
    """Somebody whom the owner invited."""
    return await api.join(owner, "maria")


def pytest_addoption(parser: pytest.Parser) -> None:
    """How long the fuzzing lasts, and how hard the faults come."""
    parser.addoption("--fuzz-seconds", type=int, default=60, help="how long generated requests are sent")
    parser.addoption("--torture", action="store_true", help="inject faults in the numbers that are promised")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Under CI a skipped test is a failure; the reasons stand in the summary above."""
    if os.environ.get("CI") and terminalreporter.stats.get("skipped"):
        terminalreporter.write_line("Nothing may be skipped under CI.", red=True)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Turn skips into a failure under CI."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") and isinstance(reporter, pytest.TerminalReporter) and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
