"""Prepared statements: what they bring and what they refuse is what the session's own statements would."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from app.core.clock import now
from app.core.errors import Overtaken
from app.core.ids import new_id
from app.db.base import table_of
from app.db.engine import make_engine, sqlite_url
from app.db.migrate import migrate
from app.db.prepared import NoTransaction, Prepared
from app.db.session import Database
from app.domain.conversations.models import Conversation
from app.domain.quotas.models import Quota
from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

CONVERSATIONS = table_of(Conversation)
BY_ID = CONVERSATIONS.c.id == bindparam("conversation")
FIND = Prepared(select(CONVERSATIONS.c.title, CONVERSATIONS.c.pinned, CONVERSATIONS.c.created_at).where(BY_ID))
SET = Prepared(update(CONVERSATIONS).where(BY_ID).returning(CONVERSATIONS.c.updated_at))
PUT = Prepared(insert(CONVERSATIONS))
MOMENT = datetime(2026, 5, 4, 3, 2, 1, 987, tzinfo=UTC)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    engine = make_engine(sqlite_url(tmp_path / "a.db"))
    migrate(engine)
    found = Database(engine)
    yield found
    found.close()


def columns() -> dict[str, object]:
    made = dict.fromkeys(("created_at", "updated_at", "last_message_at"), MOMENT)
    return {"id": new_id(), "user_id": new_id(), "title": "A tree", **made}


async def test_values_and_columns_go_through_their_types(database: Database) -> None:
    def work(session: Session) -> list[object]:
        session.connection().exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        made = columns()
        session.add(Conversation(**made))
        before = FIND.rows(session, {"conversation": made["id"]})
        changed = SET.rows(session, {"conversation": made["id"], "updated_at": MOMENT.replace(year=2027)})
        after = SET.rows(session, {"conversation": made["id"], "title": "A wood", "updated_at": MOMENT})
        nothing = FIND.first(session, {"conversation": new_id()})
        return [before, changed, after, nothing]

    # What was added to the session is there: it is flushed first, as for any other query.
    expected = [[("A tree", False, MOMENT)], [(MOMENT.replace(year=2027),)], [(MOMENT,)], None]
    assert await database.read(work) == expected


async def test_an_insert_brings_the_defaults_of_what_it_does_not_name(database: Database) -> None:
    def work(session: Session) -> object:
        session.connection().exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        made, other = columns(), columns()
        PUT.run_all(session, [made, other])
        return [FIND.first(session, {"conversation": name}) for name in (made["id"], other["id"])]

    assert await database.read(work) == [("A tree", False, MOMENT)] * 2


async def test_what_the_driver_refuses_is_told_like_any_other_refusal(database: Database) -> None:
    limits = Prepared(insert(table_of(Quota)))
    values = {"user_id": new_id(), "messages_per_day": 1, "tokens_per_day": 1, "updated_at": now()}
    with pytest.raises(Overtaken):
        await database.write(lambda session: limits.rows(session, values))
    with pytest.raises(Overtaken):
        await database.write(lambda session: limits.run_all(session, [values]))


async def test_nothing_is_stored_by_itself_once_the_transaction_is_gone(database: Database) -> None:
    def swallowing(session: Session) -> None:
        session.add(Conversation(**columns()))  # of a person who is not there
        with suppress(IntegrityError):
            session.flush()
        FIND.rows(session, {"conversation": new_id()})

    def rolling_back(session: Session) -> None:
        session.execute(select(1))
        session.rollback()
        PUT.rows(session, columns())

    def forgetting(session: Session) -> None:
        session.execute(select(1))
        session.rollback()

    for work in (swallowing, rolling_back, forgetting):
        with pytest.raises(NoTransaction):
            await database.write(work)
    assert await database.read(lambda session: session.scalar(select(func.count()).select_from(CONVERSATIONS))) == 0
