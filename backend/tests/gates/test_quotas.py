"""Allowances of a day at one below, at, and one above: reserved before a model is called, settled whatever the end."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from app.config.settings import QuotaSettings, Settings
from app.core.errors import Code
from app.domain.accounts import service as accounts
from app.domain.quotas import repository
from app.domain.quotas import service as quotas
from app.domain.quotas.errors import QuotaExceeded
from app.domain.quotas.rules import ANSWER_ALLOWANCE, HELD_SECONDS, UNCAPPED_ABOVE, Allowance, Limits, next_day
from app.services.chat.service import default_limits
from app.wiring import engine_of
from sqlalchemy.orm import Session

from tests.client import Api, Person, running_app
from tests.conftest import migrated, settings_for

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
TODAY = NOON.date()
MIDNIGHT = datetime(2026, 11, 24, tzinfo=UTC)
WINDOW = 8_192
PROMPT = 10
TOKENS = {"resource": "tokens", "limit": 100, "resets_at": "2026-11-24T00:00:00Z"}


@dataclass
class Ledger:
    """A person and their allowance, in one open transaction."""

    session: Session
    user_id: str

    def reserve(
        self,
        defaults: Limits,
        now: datetime = NOON,
        *,
        prompt: int = PROMPT,
        wished: int | None = None,
        window: int | None = WINDOW,
    ) -> tuple[str, Allowance]:
        run = str(uuid4())
        granted = quotas.reserve(
            self.session,
            user_id=self.user_id,
            generation_id=run,
            provider="lmstudio",
            model="tiny",
            prompt_tokens=prompt,
            wished=wished,
            window=window,
            defaults=defaults,
            now=now,
        )
        return run, granted

    def refused(self, defaults: Limits, now: datetime = NOON, **options: int) -> dict[str, object]:
        with pytest.raises(QuotaExceeded) as caught:
            self.reserve(defaults, now, **options)
        assert caught.value.code is Code.QUOTA_EXCEEDED
        assert caught.value.retry_after == (next_day(now.date()) - now).total_seconds()
        return dict(caught.value.detail or {})

    def settle(self, run: str, tokens: tuple[int, int] | None) -> None:
        quotas.settle(self.session, run, tokens)

    def counts(self, day: date = TODAY) -> tuple[int, int, int]:
        found = repository.day_count(self.session, self.user_id, day)
        return (found.messages, found.tokens, found.held_tokens) if found else (0, 0, 0)


@pytest.fixture
def ledger(settings: Settings) -> Iterator[Ledger]:
    engine = engine_of(settings)
    with Session(engine) as session:
        owner = accounts.create_owner(session, username="owner", password_hash="x", now=NOON)
        yield Ledger(session, owner.id)
    engine.dispose()


@pytest.mark.parametrize("most", [0, 1, 5])
def test_a_day_takes_its_messages_and_not_one_more(ledger: Ledger, most: int) -> None:
    limits = Limits(most, None)
    for number in range(1, most + 1):
        ledger.reserve(limits)
        assert ledger.counts() == (number, 0, 0)
    told = ledger.refused(limits)
    assert told == {"resource": "messages", "used": most, "limit": most, "resets_at": "2026-11-24T00:00:00Z"}
    assert ledger.counts() == (most, 0, 0), "a refusal takes nothing"
    with pytest.raises(QuotaExceeded):
        quotas.refuse_spent(ledger.session, ledger.user_id, limits, NOON)


def test_a_day_takes_its_tokens_and_not_one_more(ledger: Ledger) -> None:
    limits = Limits(None, 100)
    for wished, prompt, fits in ((90, 10, True), (91, 10, True), (None, 99, True), (1, 100, False), (1, 101, False)):
        if not fits:
            assert ledger.refused(limits, prompt=prompt, wished=1)["resource"] == "tokens"
            continue
        run, granted = ledger.reserve(limits, prompt=prompt, wished=wished)
        assert granted.held == 100
        assert granted.max_tokens == 100 - prompt
        with pytest.raises(QuotaExceeded) as held:
            ledger.reserve(limits, prompt=1, wished=1)
        assert held.value.retry_after == HELD_SECONDS, "what is held may soon be free"
        assert dict(held.value.detail or {}) == {**TOKENS, "used": ledger.counts()[1], "held": 100}
        assert ledger.refused(limits, prompt=100)["used"] == 0, "and is not enough for this"
        ledger.settle(run, None)
        assert ledger.counts() == (0, 0, 0)
    for spent, left in ((98, 2), (1, 1)):
        run, granted = ledger.reserve(limits, prompt=1)
        assert granted.max_tokens == left + spent - 1
        ledger.settle(run, (1, spent - 1))
    told = ledger.refused(limits, prompt=1)
    assert told == {**TOKENS, "used": 99}
    quotas.refuse_spent(ledger.session, ledger.user_id, limits, NOON)
    quotas.refuse_spent(ledger.session, ledger.user_id, Limits(None, 100), MIDNIGHT)
    with pytest.raises(QuotaExceeded):
        quotas.refuse_spent(ledger.session, ledger.user_id, Limits(None, 99), NOON)


def test_an_answer_is_capped_by_what_is_left_and_only_then(ledger: Ledger) -> None:
    wide, free = UNCAPPED_ABOVE * 4, Limits(None, None)
    cases: list[tuple[Limits, int | None, int | None, Allowance]] = [
        (free, None, WINDOW, Allowance(None, 0)),
        (free, 50, WINDOW, Allowance(50, 0)),
        (Limits(None, PROMPT + WINDOW - 1), None, WINDOW, Allowance(WINDOW - 1, PROMPT + WINDOW - 1)),
        (Limits(None, PROMPT + WINDOW), None, WINDOW, Allowance(None, PROMPT + WINDOW)),
        (Limits(None, PROMPT + WINDOW), 50, WINDOW, Allowance(50, PROMPT + 50)),
        (Limits(None, PROMPT + 49), 50, WINDOW, Allowance(49, PROMPT + 49)),
        (Limits(None, PROMPT + 1), 50, WINDOW, Allowance(1, PROMPT + 1)),
        (Limits(None, PROMPT + UNCAPPED_ABOVE), None, wide, Allowance(None, PROMPT + ANSWER_ALLOWANCE)),
        (
            Limits(None, PROMPT + UNCAPPED_ABOVE - 1),
            None,
            wide,
            Allowance(UNCAPPED_ABOVE - 1, PROMPT + UNCAPPED_ABOVE - 1),
        ),
        (Limits(None, PROMPT + UNCAPPED_ABOVE), None, None, Allowance(None, PROMPT + ANSWER_ALLOWANCE)),
    ]
    for limits, wished, window, expected in cases:
        run, granted = ledger.reserve(limits, wished=wished, window=window)
        assert granted == expected, (limits, wished, window)
        assert ledger.counts()[2] == expected.held
        ledger.settle(run, None)


def test_what_comes_is_counted_once_and_what_does_not_is_given_back(ledger: Ledger) -> None:
    limits = Limits(3, 1_000)
    came, nothing, twice = (ledger.reserve(limits, wished=100)[0] for _ in range(3))
    assert ledger.counts() == (3, 0, 330)
    ledger.settle(came, (12, 34))
    ledger.settle(nothing, None)
    assert ledger.counts() == (2, 46, 110)
    for _ in range(2):
        ledger.settle(twice, (1, 1))
        ledger.settle(came, None)
    assert ledger.counts() == (2, 48, 0)
    assert ledger.reserve(limits)[1].max_tokens == 1_000 - 48 - PROMPT
    used = repository.used_on(ledger.session, NOON.date())
    assert used == (2, 13, 35), "the ledger holds what came"


def test_an_own_limit_stands_above_the_defaults_and_null_is_none(ledger: Ledger) -> None:
    defaults = Limits(1, 100)
    ledger.reserve(defaults, wished=1)
    ledger.refused(defaults)
    quotas.set_limits(ledger.session, ledger.user_id, Limits(2, None), NOON)
    assert quotas.limits_of(ledger.session, ledger.user_id, defaults) == (Limits(2, None), False)
    assert ledger.reserve(defaults)[1] == Allowance(None, 0)
    assert ledger.refused(defaults)["limit"] == 2
    quotas.set_limits(ledger.session, ledger.user_id, Limits(None, None), NOON)
    for _ in range(50):
        ledger.reserve(defaults, prompt=10_000)
    repository.drop_quota(ledger.session, ledger.user_id)
    ledger.session.expire_all()
    assert quotas.limits_of(ledger.session, ledger.user_id, defaults) == (defaults, True)
    assert ledger.refused(defaults)["used"] == 52


def test_a_new_day_begins_at_midnight_and_an_answer_counts_in_the_day_it_began(ledger: Ledger) -> None:
    limits, second = Limits(1, 50), timedelta(seconds=1)
    late = MIDNIGHT - second
    run, _ = ledger.reserve(limits, late)
    assert ledger.refused(limits, late)["resets_at"] == "2026-11-24T00:00:00Z"
    after, granted = ledger.reserve(limits, MIDNIGHT)
    assert granted.max_tokens == 40
    ledger.settle(run, (10, 20))
    assert ledger.counts() == (1, 30, 0)
    assert ledger.counts(MIDNIGHT.date()) == (1, 0, 50)
    ledger.settle(after, None)
    standing = quotas.standing(ledger.session, ledger.user_id, limits, MIDNIGHT)
    assert (standing.day, standing.messages, standing.tokens) == (MIDNIGHT.date(), 0, 0)
    assert standing.resets_at == MIDNIGHT + timedelta(days=1)


def test_after_a_crash_each_answer_is_settled_by_what_was_stored(ledger: Ledger) -> None:
    limits = Limits(10, 1_000)
    half, silent, gone = (ledger.reserve(limits, wished=100)[0] for _ in range(3))
    quotas.recover(ledger.session, {silent: 0}, crashed=False)
    assert len(repository.reservations_any_owner(ledger.session)) == 2
    quotas.recover(ledger.session, {half: 25, silent: 0})
    assert ledger.counts() == (1, PROMPT + 25, 0)
    assert repository.reservations_any_owner(ledger.session) == []
    for run in (half, silent, gone):
        ledger.settle(run, (99, 99))
    assert ledger.counts() == (1, PROMPT + 25, 0)


def test_the_ledger_names_who_answered_in_the_place_of_another(ledger: Ledger) -> None:
    run, _ = ledger.reserve(Limits(10, 1_000), wished=100)
    quotas.set_answering(ledger.session, run, "elsewhere", "another")
    ledger.settle(run, (10, 5))
    day = MIDNIGHT.date() - timedelta(days=1)
    lines = repository.usage_by(ledger.session, day, day + timedelta(days=2), "model")
    assert [(line.provider, line.model, line.messages) for line in lines] == [("elsewhere", "another", 1)]


def test_the_contracts_figures_are_the_defaults() -> None:
    assert default_limits(QuotaSettings.model_validate({})) == Limits(200, 200_000)
    assert QuotaSettings.model_validate({}).max_streams == 3


async def test_the_doors_tell_and_change_what_is_left(tmp_path_factory: pytest.TempPathFactory) -> None:
    names = {"QUOTA_MESSAGES_PER_DAY": "2", "QUOTA_TOKENS_PER_DAY": "unlimited"}
    async with running_app(migrated(settings_for(tmp_path_factory.mktemp("quotas"), **names))) as api:
        owner = await api.bootstrap()
        member = await api.join(owner, "maria")
        for used in range(2):
            assert await messages_left(member) == (used, 2)
            events = await member.ask("Hello", max_tokens=2)
            assert events[-1].data["status"] == "complete"
        await refused(api, member, used=2, limit=2)
        await set_quota(owner, member, 3, None)
        await member.ask("Hello", max_tokens=2)
        await refused(api, member, used=3, limit=3)
        await set_quota(owner, member, None, None)
        assert await messages_left(member) == (3, None)
        await member.ask("Hello", max_tokens=2)
        await set_quota(owner, member, 0, 0)
        await refused(api, member, used=4, limit=0)
        assert (await owner.delete(f"/admin/quotas/{member.user['id']}")).status_code == 204
        await refused(api, member, used=4, limit=2)
        assert await messages_left(owner) == (0, 2), "everybody has their own"


async def messages_left(person: Person) -> tuple[int, int | None]:
    usage = (await person.get("/usage/me")).json()
    assert usage["messages"]["resets_at"] == usage["tokens"]["resets_at"]
    return usage["messages"]["used"], usage["messages"]["limit"]


async def set_quota(owner: Person, person: Person, messages: int | None, tokens: int | None) -> None:
    body = {"messages_per_day": messages, "tokens_per_day": tokens}
    path = f"/admin/quotas/{person.user['id']}"
    answer = await owner.request("PUT", path, json=body)
    assert answer.json() == {"user_id": person.user["id"], **body, "is_default": False}
    assert (await owner.get(path)).json() == answer.json()


async def refused(api: Api, person: Person, used: int, limit: int) -> None:
    """A question and a retry, both refused, neither leaving a trace."""
    before = (await person.get("/conversations")).json()
    conversation = before["items"][0]
    for path, body in (
        ("/chat/stream", {"message": {"content": "Hello"}}),
        ("/chat/stream", {"message": {"content": "Hello"}, "conversation_id": conversation["id"]}),
        ("/chat/retry", {"conversation_id": conversation["id"]}),
    ):
        answer = await person.post(path, body)
        assert (answer.status_code, answer.json()["code"]) == (429, "QUOTA_EXCEEDED"), path
        detail = answer.json()["detail"]
        assert (detail["resource"], detail["used"], detail["limit"]) == ("messages", used, limit)
        left = datetime.fromisoformat(detail["resets_at"]) - datetime.now(UTC)
        assert abs(int(answer.headers["retry-after"]) - left.total_seconds()) < 30
    assert (await person.get("/conversations")).json() == before
