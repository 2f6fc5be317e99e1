"""Bounds of a conversation's tree, and runs that died without the server dying."""

from datetime import timedelta

import pytest
from app.api.deps import Services
from app.core.clock import now
from app.domain.conversations import service as conversations
from app.domain.conversations.errors import BranchesFull, ConversationFull
from app.domain.conversations.models import Message
from app.domain.conversations.rules import MessageState
from app.domain.generations import service as generations
from app.domain.quotas import repository as quota_rows
from app.domain.quotas import service as quotas
from app.domain.quotas.rules import Limits
from app.services.chat.placing import MAX_MESSAGES, MAX_SIBLINGS, Question, Retry, place_question, place_retry
from sqlalchemy.orm import Session

from tests.client import Api, Person


@pytest.fixture
def services(api: Api) -> Services:
    found: Services = api.app.state.services
    return found


def id_of(person: Person) -> str:
    return str(person.user["id"])


async def test_there_is_an_end_to_branches_and_to_messages(services: Services, owner: Person) -> None:
    owner_id = id_of(owner)

    def write(session: Session) -> None:
        conversation = conversations.create(session, owner_id, now())
        session.flush()
        root = conversations.append(session, conversation, parent_id=None, role="user", content="?", now=now())
        for _ in range(MAX_SIBLINGS):
            conversations.append(session, conversation, parent_id=root.id, role="assistant", content="!", now=now())
        session.flush()
        with pytest.raises(BranchesFull):
            place_retry(Retry(conversation.id, root.id), session, owner_id)
        with pytest.raises(BranchesFull):
            place_question(Question("x", conversation.id, root.id), session, owner_id)
        # Elsewhere in the same conversation there is room.
        assert place_question(Question("x", conversation.id, None), session, owner_id).question.parent_id is None
        conversation.message_count = MAX_MESSAGES
        with pytest.raises(ConversationFull):
            place_question(Question("x", conversation.id, None), session, owner_id)

    await services.database.write(write)


async def test_a_run_whose_heart_stopped_is_interrupted_and_no_other(services: Services, owner: Person) -> None:
    owner_id, moment = id_of(owner), now()

    def begin(session: Session, state: MessageState, age: timedelta) -> str:
        conversation = conversations.create(session, owner_id, moment)
        session.flush()
        answer = conversations.append(
            session, conversation, parent_id=None, role="assistant", content="half", now=moment, state=state
        )
        session.flush()
        run = generations.begin(
            session,
            owner_id=owner_id,
            conversation_id=conversation.id,
            message_id=answer.id,
            provider="home",
            model="m",
            status=state,
            now=moment - age,
        )
        conversation.active_generation_id = run.id
        limits = Limits(None, 100_000)
        quotas.reserve(
            session,
            user_id=owner_id,
            generation_id=run.id,
            provider="home",
            model="m",
            prompt_tokens=5,
            wished=10,
            window=None,
            defaults=limits,
            now=moment,
        )
        return answer.id

    def write(session: Session) -> list[str]:
        ages = ("streaming", timedelta(hours=1)), ("queued", timedelta(hours=1)), ("streaming", timedelta(seconds=5))
        return [begin(session, state, age) for state, age in ages]  # type: ignore[arg-type]

    answers = await services.database.write(write)
    assert await services.chat.sweep() == 2
    assert await services.chat.sweep() == 0

    def read(session: Session) -> tuple[list[str], int]:
        states = [session.get_one(Message, answer).state for answer in answers]
        return states, len(quota_rows.reservations_any_owner(session))

    assert await services.database.read(read) == (["interrupted", "interrupted", "streaming"], 1)
    active = [item["active_generation_id"] for item in (await owner.get("/conversations")).json()["items"]]
    assert sum(run is not None for run in active) == 1
