"""An audit log in a file of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from app.db.engine import WRITE_OPTION, make_engine, sqlite_url
from app.db.migrate import migrate
from app.domain.audit.service import (
    Trail,
)
from sqlalchemy.orm import Session

from tests.domain.chain import KEY


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "audit.db"


@pytest.fixture
def session(path: Path) -> Iterator[Session]:
    engine = make_engine(sqlite_url(path))
    migrate(engine)
    with Session(engine.execution_options(**{WRITE_OPTION: True}), expire_on_commit=False) as opened:
        yield opened
    engine.dispose()


@pytest.fixture
def trail() -> Trail:
    return Trail(KEY)
